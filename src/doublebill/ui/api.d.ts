/** What the server answers; types only, no browser loads this file. */

declare namespace Api {
  type Kind = "movie" | "tv";

  /** A title's name: with the kind, as the same number may name a film and a series. */
  interface Key { tmdb_id: number; type: string }

  interface Person { id: string; name: string }

  interface Scores {
    hybrid: number;
    content: number | null;
    collaborative: number | null;
    quality: number | null;
    confidence: number | null;
    penalty: number;
  }

  interface Weights { content: number; collab: number; quality: number; confidence: number }

  interface Title extends Key {
    title: string;
    year: string | null;
    genres: string[];
    vote_average: number | null;
  }

  interface Pick extends Title {
    vote_count: number | null;
    overview: string | null;
    scores: Scores;
    recommended_because: string[];
  }

  interface SimilarTitle extends Title { similarity_score: number; shared_features: string[] }

  /** Where a title stands for a person and in Radarr or Sonarr. */
  interface Standing {
    is_watched: boolean;
    is_requested: boolean;
    in_library: boolean;
    service_status: "available" | "downloading" | "requested" | "absent" | "unknown" | "not_configured";
  }

  /** All that is known of a title, and why it is or is not a pick. */
  interface Details extends Pick {
    original_title: string | null;
    original_language: string | null;
    keywords: string[];
    people: string[];
    collection: string | null;
    runtime_min: number | null;
    rank: number | null;
    total: number;
    barred_because: string[];
    held_back_by: string[];
    standing: Standing;
  }

  /** A search result; TMDB's tell by what they were found, and how they stand. */
  interface Found extends Title, Partial<Standing> {
    overview: string | null;
    vote_count: number | null;
    matched_via?: string;
    is_hidden?: boolean;
  }

  /** A pick, or whatever less is known of a title that was reached by a link. */
  type Shown = Title & Partial<Omit<Details, keyof Title>>;

  interface Watched extends Title {
    completion: number;
    last_played_at: string | null;
    by_hand: boolean;
    counts: boolean;
    why_not: string | null;
  }

  interface Hidden extends Title { until: string }

  interface Said { status: string; message: string }

  interface Service {
    service: "radarr" | "sonarr";
    is_configured: boolean;
    missing: string | null;
    problem: string | null;
    quality_profiles: { id: number; name: string }[];
    root_folders: { path: string; is_accessible: boolean; free_bytes: number | null }[];
    defaults: { quality_profile: number | string | null; root_folder: string | null; monitor?: string };
  }

  /** A person's weights by their names in the settings. */
  type Tuning = Record<string, number>;

  interface Preset { name: string; words: string; weights: Tuning }

  interface Preview { changed: number; entering: Title[]; leaving: Title[] }

  interface Picks { count: number; recommendations: Pick[]; weights_used: Weights }

  interface Step {
    step: string;
    words: string;
    done: number;
    total: number | null;
    left_s: number | null;
    finished: boolean;
  }

  interface SystemStatus {
    status: "idle" | "running" | "success" | "error";
    step: string | null;
    message: string;
    progress: number;
    last_update: string | null;
    next_sync: string | null;
    steps: Step[];
  }

  type Query = Record<string, string | number | null | undefined>;

  /** What is answered at each path below the server's root. */
  interface Answers {
    "recommendations/weighted": Picks;
    people: { people: Person[] };
    genres: string[];
    search: { results: Found[] };
    "search/tmdb": { results: Found[] };
    history: { history: Watched[]; next: number | null };
    hidden: { hidden: Hidden[]; next: number | null };
    services: { services: Service[] };
    "settings/tuner": Tuning;
    "tuner/presets": { presets: Preset[] };
    "tuner/preview": Preview;
    "system/status": SystemStatus;
    [title: `titles/${string}`]: Details;
    [similar: `similar/${number}`]: { source_title: string; similar_items: SimilarTitle[] };
  }

  /** What acts on titles needs of the page around it. */
  interface Stage {
    toast: { say(text: string, options?: { act?: string; alert?: boolean }): Promise<boolean> };
    /** Take the title out of what is shown, and give what puts it back. */
    take(): () => void;
    /** The server knows of it. */
    changed(): void;
  }
}
