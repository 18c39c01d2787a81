/** YAML that people read and copy: what is short on one line, as in our examples. */
import { Document, isCollection, visit } from 'yaml';

const LINE = 100;

/** What is undefined is left out. `comment`: stands before it, line by line. */
export function yamlText(value: unknown, comment: string): string {
  const document = new Document(JSON.parse(JSON.stringify(value)));
  document.commentBefore = comment;
  visit(document, {
    Collection(_, node, path) {
      // The list and its entries stand on lines of their own.
      if (path.length > 2 && isCollection(node)) node.flow = true;
    },
  });
  return document.toString({ lineWidth: LINE, flowCollectionPadding: false });
}
