/** What the server answers; types only, no browser loads this file. */

export type Kind = "movie" | "tv";

/** A title's name: with the kind, as the same number may name a film and a series. */
export interface Key { tmdb_id: number; type: string }

export interface Person { id: string; name: string }

export interface Scores {
  hybrid: number;
  content: number | null;
  collaborative: number | null;
  quality: number | null;
  confidence: number | null;
  penalty: number;
}

export interface Weights { content: number; collab: number; quality: number; confidence: number }

export interface Title extends Key {
  title: string;
  year: string | null;
  genres: string[];
  vote_average: number | null;
}

export interface Pick extends Title {
  vote_count: number | null;
  overview: string | null;
  scores: Scores;
  recommended_because: string[];
}

export interface SimilarTitle extends Title { similarity_score: number; shared_features: string[] }

/** A pick, or whatever less is known of a title that was reached by a link. */
export type Shown = Title & Partial<Pick>;

export interface Picks { count: number; recommendations: Pick[]; weights_used: Weights }

export interface Step {
  step: string;
  words: string;
  done: number;
  total: number | null;
  left_s: number | null;
  finished: boolean;
}

export interface SystemStatus {
  status: "idle" | "running" | "success" | "error";
  step: string | null;
  message: string;
  progress: number;
  last_update: string | null;
  next_sync: string | null;
  steps: Step[];
}

export type Query = Record<string, string | number | null | undefined>;
