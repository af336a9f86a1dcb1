/**
 * The styles that HTML lines may keep (rules HTML…): what colours and aligns text, with
 * values that load nothing, cover nothing and stay where they are. Each value is matched whole.
 */

/** Lengths that move nothing far: never negative, two or three digits. */
const LENGTH = String.raw`(?:0|\d{1,3}(?:\.\d{1,3})?(?:px|pt|%)|\d{1,2}(?:\.\d{1,3})?r?em)`;
const SPACE = `(?:${LENGTH}|auto)`;
const SPACES = whole(`${SPACE}(?: ${SPACE}){0,3}`);

/** By name, in hex, or as numbers. */
const COLOR = whole(
  String.raw`[a-z]{3,20}|#[\da-f]{3,8}|(?:rgb|hsl)a?\([\d.]{1,6}%?(?:(?:, ?| |\/| \/ )[\d.]{1,6}%?){2,3}\)`,
);

const SIDES = ['', '-top', '-right', '-bottom', '-left'];

/** What each property may be, for `allowedStyles` of sanitize-html. */
export const ALLOWED_STYLES: Readonly<Record<string, RegExp[]>> = {
  direction: [whole('ltr|rtl')],
  'text-align': [whole('left|right|center|justify|start|end')],
  color: [COLOR],
  'background-color': [COLOR],
  'font-family': [/^[\w ,'"-]{1,200}$/],
  'font-size': [whole(`${LENGTH}|(?:xx?-)?(?:small|large)|medium|smaller|larger`)],
  'font-style': [whole('normal|italic|oblique')],
  'font-variant': [whole('normal|small-caps')],
  'font-weight': [whole('normal|bold|bolder|lighter|[1-9]00')],
  'text-decoration': [
    whole('none|(?:underline|overline|line-through)(?: (?:underline|overline|line-through)){0,2}'),
  ],
  ...Object.fromEntries(
    ['margin', 'padding'].flatMap((name) => SIDES.map((side) => [name + side, [SPACES]])),
  ),
};

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, 'i');
}
