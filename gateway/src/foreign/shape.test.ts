import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHere } from './parse-here.ts';
import { ANSWER, jsonTrouble, xmlTrouble } from './shape.ts';

const FEW = { depth: 3, nodes: 10, attributes: 4, references: 5 };
const many = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join('');

describe('XML', () => {
  test.each([
    ['4 MB of attributes', `<r ${many(300_000, (index) => `a${index}="1" `)}/>`, /attributes/],
    ['few attributes on each of many elements', `<r>${many(6_000, () => '<a b="1"/>')}</r>`, /attributes/],
    ['attributes in single quotes', `<r ${many(6_000, (index) => `a${index}='>' `)}/>`, /attributes/],
    ['100,000 elements inside each other', '<a>'.repeat(100_000), /nested/],
    ['1,000,000 elements beside each other', `<r>${'<a/>'.repeat(1_000_000)}</r>`, /elements/],
    ['4 MB of character references', `<r>${'&#x41;'.repeat(600_000)}</r>`, /references/],
    ['entities of its own', '<!DOCTYPE l [<!ENTITY a "aa">]><r>&a;</r>', /document type/],
    [
      'a file',
      '<?xml version="1.0"?>\n<!doctype l [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
      /document type/,
    ],
    ['a document type behind the root', '<r/><!DOCTYPE r>', /document type/],
    ['a style sheet', '<?xml-stylesheet href="x"?><r/>', /processing instruction/],
    ['a second declaration', '<r><?xml version="1.0"?></r>', /processing instruction/],
  ])('with %s is refused before it is parsed', (_name, text, why) => {
    expect(xmlTrouble(text, ANSWER)).toMatch(why);
    expect(parseHere(text, 'xml')).toBeNull();
  });

  test.each([
    ['the declaration', ' <?xml version="1.0" encoding="utf-8"?><r/>'],
    ['comments and sections that look like more', '<r><!-- <a><a><a><a> --><![CDATA[<a><a><a>]]></r>'],
    ['signs in quotes', '<r a="<a><b><c>" b=\'x=1 y=2 z=3 w=4\'/>'],
    ['elements one after the other', `<r>${'<a>1</a>'.repeat(9)}</r>`],
    ['what is not closed', '<r a="'],
    ['nothing', ''],
  ])('with %s is within the limits', (_name, text) => expect(xmlTrouble(text, FEW)).toBeNull());
});

describe('JSON', () => {
  test.each([
    ['a million brackets', '['.repeat(1_000_000), /nested/],
    ['objects inside each other', '{"a":'.repeat(20), /nested/],
    ['a million values', `[${'1,'.repeat(1_000_000)}1]`, /values/],
    ['a million lists', `[${'[],'.repeat(1_000_000)}1]`, /values/],
  ])('with %s is refused before it is parsed', (_name, text, why) => {
    expect(jsonTrouble(text, ANSWER)).toMatch(why);
    expect(parseHere(text, 'json')).toBeNull();
  });

  test.each([
    ['brackets in texts', JSON.stringify(['[[[[{{{{,,,,,,,,,,,', '\\"[[[[', '"[[[['])],
    ['lists one after the other', '[[],[],[],[]]'],
    ['nothing', ''],
  ])('with %s is within the limits', (_name, text) => expect(jsonTrouble(text, FEW)).toBeNull());

  test('whatever is not too deep and not too much passes, and means the same', () =>
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(jsonTrouble(text, { ...ANSWER, depth: 20 })).toBeNull();
        expect(parseHere(text, 'json')).toEqual(JSON.parse(text));
      }),
    ));
});
