import { describe, expect, it } from 'vitest';
import {
  chatRequestDocument,
  type SurveyDocument,
  surveyAnswersDocument,
  surveyDocument,
  visitSurveysDocument,
} from '../src/index.js';
import { success } from './support/documents.js';

const survey: SurveyDocument = {
  id: 40216,
  title: '',
  header: 'Before we begin',
  questions: [
    {
      id: 12786273,
      order: 0,
      logicId: 4,
      mandatory: true,
      type: 'Dropdown Box',
      validationType: 'alpha_numeric',
      label: 'Cats or dogs?',
      entry: [
        { value: 'CATS', displayValue: 'Cats', checked: false, logic: { showLogicId: [5] } },
        { value: 'DOGS', displayValue: 'Dogs', checked: false },
      ],
      answer: [],
    },
  ],
};

const XML =
  '<survey id="40216"><title/><header>Before we begin</header><questions>' +
  '<question id="12786273" order="0" logicId="4" mandatory="true" type="Dropdown Box" validationType="alpha_numeric">' +
  '<label>Cats or dogs?</label>' +
  '<entry value="CATS" checked="false"><displayValue>Cats</displayValue><logic><showLogicId>5</showLogicId></logic></entry>' +
  '<entry value="DOGS" checked="false"><displayValue>Dogs</displayValue></entry>' +
  '</question></questions></survey>';

describe('surveys in XML', () => {
  it('[XML11] are attributes as in the original', () => {
    expect(surveyDocument.write(survey, 'xml')).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>${XML}`,
    );
    const link = { href: 'V/surveys', rel: 'self' };
    const visit = visitSurveysDocument.write({ link, survey: [survey] }, 'xml');
    expect(visit).toContain('<survey id="40216">');
  });

  it('[XML11] have plain keys in JSON all the same', () => {
    const json = surveyDocument.write(survey, 'json');
    expect(json).toContain('"survey":{"id":40216,');
    expect(json).toContain(
      '"id":12786273,"order":0,"logicId":4,"mandatory":true,"type":"Dropdown Box"',
    );
    expect(json).toContain('"value":"CATS","displayValue":"Cats","checked":false');
    expect(json).not.toContain('@');
  });

  it.each([
    '<survey id="7"><question id="1"><answer>a</answer></question></survey>',
    '<survey><id>7</id><question><id>1</id><answer>a</answer></question></survey>',
  ])('[XML11] answers are read from attributes and elements: %s', (xml) => {
    expect(success(surveyAnswersDocument.readXml(xml))).toEqual({
      id: 7,
      question: [{ id: 1, answer: ['a'], entry: [] }],
    });
  });

  it('[XML11] [WIRE18] the whole survey is read back as it was written', () => {
    const sent = XML.replace('value="DOGS" checked="false"', 'value="DOGS" checked="true"');
    const entry = [
      { value: 'CATS', checked: false },
      { value: 'DOGS', checked: true },
    ];
    expect(success(surveyAnswersDocument.readXml(sent))).toEqual({
      id: 40216,
      question: [{ id: 12786273, answer: [], entry }],
    });
    const request = `<request>${sent}</request>`;
    expect(success(chatRequestDocument.readXml(request)).survey?.question[0]?.entry).toEqual(entry);
  });
});
