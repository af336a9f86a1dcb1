/** The first chat that the overview shows: the recipes that all pages use, one after the other. */
import { recipeFor } from './recipes.js';

/** The lines to paste. */
export function firstWalk(): string {
  const recipes = ['API', 'KEY', 'AGENT_TOKEN', 'SESSION', 'CHAT'].map((name) => recipeFor(name));
  return [...recipes.map(({ text }) => text), ANSWER, READ].join('\n\n');
}

const ANSWER = `curl -s "$API/agentSession/$SESSION/chat/$CHAT/events" \\
  -H "Authorization: Bearer $AGENT_TOKEN" \\
  -d '{"event":{"@type":"line","text":"How can I help?"}}'`;

const READ = `curl -s "$API/chat/$CHAT/events" \\
  -H "Authorization: LivePerson appKey=$KEY"`;
