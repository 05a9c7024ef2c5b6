/** The anchor of a heading in Markdown, as GitHub makes it. */
export function runbookAnchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
