/** A template on disk, and what it is called in the list. */
export interface NamedTemplate {
  readonly name: string;
  readonly path: string;
}

/** Something that a check found in a template. */
export interface Finding {
  /** Name of the template. */
  readonly template: string;
  /** Rule, place and what is wrong. */
  readonly message: string;
}
