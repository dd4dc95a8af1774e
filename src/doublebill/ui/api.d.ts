/**
 * Short names for what the server answers; types only, no browser loads this file. The shapes themselves are not written
 * here: `make ui` makes the module "openapi" from the server's own description, so a field that goes there fails here.
 */

declare namespace Api {
  type Paths = import("openapi").paths;
  type Schemas = import("openapi").components["schemas"];
  type Kind = Schemas["Kind"];

  /** A title's name: with the kind, as the same number may name a film and a series. */
  interface Key { tmdb_id: number; type: Kind }

  /** What is known of every title, wherever it was met. */
  type Title = Key & Omit<Schemas["SimilarTitle"], keyof Key | "similarity_score" | "shared_features">
    & { poster_path?: string | null };

  type Person = Schemas["PersonOut"];
  type Scores = Schemas["ScoreParts"];
  type Weights = Schemas["WeightsUsed"];
  type Pick = Schemas["Recommendation"];
  type Picks = Schemas["WeightedRecommendations"];
  type SimilarTitle = Schemas["SimilarTitle"];
  type Filters = Schemas["FilterChoices"];
  type Row = Schemas["RecommendationRow"];
  type Watched = Schemas["WatchedTitle"];
  type Hidden = Schemas["HiddenTitle"];
  type Said = Schemas["Said"];
  type Plan = Schemas["PlanOut"];
  type Preset = Schemas["PresetOut"];
  type Preview = Schemas["Preview"];
  type Step = Schemas["StepStatus"];
  type SystemStatus = Schemas["SystemStatus"];

  /** Where a title stands for a person and in Radarr or Sonarr. */
  type Standing = Schemas["Status"];

  /** All that is known of a title, and why it is or is not a pick. */
  type Details = Schemas["TitleDetails"];

  /** A search result; TMDB's tell by what they were found, and how they stand. */
  type Found = Title & Partial<Omit<Schemas["Found"] & Schemas["FoundAtTmdb"] & Standing, keyof Title | "matched_via">>
    & { matched_via?: string };

  /** A pick, or whatever less is known of a title that was reached by a link. */
  type Shown = Title & Partial<Omit<Details, keyof Title>>;

  /** Radarr or Sonarr; what films have no use for may be missing in its defaults. */
  type Service = Omit<Schemas["ServiceOut"], "defaults">
    & { defaults: Partial<Schemas["FilmChoices"] & Schemas["SeriesChoices"]> };

  /** A person's weights, and the formula behind what they weigh. */
  type Tuning = Schemas["TunerSettings"];

  type Query = Record<string, string | number | boolean | null | undefined>;

  /** A path below the server's root, without the slash that begins it; a {name} in it is any text. */
  type Path<P extends string> = P extends `/${infer Rest}` ? Path<Rest>
    : P extends `${infer Start}{${string}` ? `${Start}${string}` : P;

  /** What GET answers at each path. */
  type Answers = {
    [P in keyof Paths & string as Paths[P] extends Answering<object> ? Path<P> : never]:
      Paths[P] extends Answering<infer Answer> ? Answer : never;
  };

  interface Answering<Answer> {
    get: { responses: { 200: { content: { "application/json": Answer } } } };
  }

  /** A service as it is set: where it is and whether there is a key, never a key. */
  type Connection = Schemas["SetUpService"];
  type Setup = Schemas["SetUpState"];
  type Diagnostics = Schemas["Diagnostics"];
  type Model = Schemas["ModelState"];

  /** What acts on titles needs of the page around it. */
  interface Stage {
    toast: { say(text: string, options?: { act?: string; alert?: boolean; holds?: Promise<unknown> }): Promise<boolean> };
    /** Take the title out of what is shown, and give what puts it back. */
    take(): () => void;
    /** Say on it how it stands, and give what unsays it. */
    mark?(words: string): () => void;
    /** The server knows of it. */
    changed(): void;
  }
}
