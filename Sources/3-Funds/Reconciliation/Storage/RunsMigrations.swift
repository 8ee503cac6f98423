import Store

/// The tables of profiles, files, statements, runs and what runs find.
enum RunsMigrations {
    static let all = [
        Migration(
            capability: "reconciliation", version: 1, name: "files, statements and runs",
            statements: [
                """
                CREATE TABLE recon_profiles (channel TEXT PRIMARY KEY, version BIGINT NOT NULL, body BYTEA NOT NULL,
                updated_at BIGINT NOT NULL) /* clustered */
                """,
                // A file is named by what is in it, so it is kept once however often it comes. Its pieces are stored as they
                // arrive, before its hash is known.
                """
                CREATE TABLE recon_files (sha256 BYTEA PRIMARY KEY, store_id BYTEA NOT NULL, size BIGINT NOT NULL,
                pieces BIGINT NOT NULL, received_at BIGINT NOT NULL) /* clustered */
                """,
                """
                CREATE TABLE recon_file_pieces (store_id BYTEA NOT NULL, number BIGINT NOT NULL, size BIGINT NOT NULL,
                content BYTEA NOT NULL, PRIMARY KEY (store_id, number))
                """,
                """
                CREATE TABLE recon_uploads (id BYTEA PRIMARY KEY, channel TEXT NOT NULL, day BIGINT NOT NULL,
                name TEXT NOT NULL, sha256 BYTEA NOT NULL, size BIGINT NOT NULL, received BIGINT NOT NULL,
                pieces BIGINT NOT NULL, begun_at BIGINT NOT NULL) /* clustered */
                """,
                """
                CREATE TABLE recon_statements (id BYTEA PRIMARY KEY, channel TEXT NOT NULL, day BIGINT NOT NULL,
                revision BIGINT NOT NULL, name TEXT NOT NULL, sha256 BYTEA NOT NULL, size BIGINT NOT NULL,
                pieces BIGINT NOT NULL, state TEXT NOT NULL, refusal TEXT NOT NULL, received_at BIGINT NOT NULL)
                /* clustered */
                """,
                "CREATE UNIQUE INDEX recon_statements_of_day ON recon_statements (channel, day, revision)",
                """
                CREATE TABLE recon_runs (id BYTEA PRIMARY KEY, channel TEXT NOT NULL, day BIGINT NOT NULL,
                number BIGINT NOT NULL, state TEXT NOT NULL, ready BIGINT NOT NULL, version BIGINT NOT NULL,
                statement_id BYTEA, previous_id BYTEA, from_us BIGINT NOT NULL, until_us BIGINT NOT NULL,
                currency TEXT NOT NULL, shards BIGINT NOT NULL, profile BYTEA NOT NULL, reason TEXT NOT NULL,
                confirmed_by TEXT NOT NULL, counts BYTEA NOT NULL, opened_at BIGINT NOT NULL, prepared_at BIGINT,
                confirmed_at BIGINT, settled_at BIGINT) /* clustered */
                """,
                "CREATE UNIQUE INDEX recon_runs_of_day ON recon_runs (channel, day, number)",
                // What the job looks at: the few runs that are under way.
                """
                CREATE INDEX recon_runs_under_way ON recon_runs (id)
                WHERE state IN ('pending', 'preparing', 'confirmed')
                """,
                """
                CREATE TABLE recon_tasks (run_id BYTEA NOT NULL, number BIGINT NOT NULL, kind TEXT NOT NULL,
                shard BIGINT NOT NULL, state TEXT NOT NULL, place BIGINT NOT NULL, attempts BIGINT NOT NULL,
                token BIGINT NOT NULL, process TEXT NOT NULL, not_before BIGINT NOT NULL, problem TEXT NOT NULL,
                counts BYTEA NOT NULL, made_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
                PRIMARY KEY (run_id, number)) /* clustered */
                """,
                """
                CREATE INDEX recon_tasks_waiting ON recon_tasks (not_before, run_id, number)
                WHERE state IN ('waiting', 'claimed')
                """,
                // Lines travel in packed blocks: a row for each of millions of lines would cost more than the lines.
                """
                CREATE TABLE recon_blocks (run_id BYTEA NOT NULL, kind BIGINT NOT NULL, shard BIGINT NOT NULL,
                source BIGINT NOT NULL, number BIGINT NOT NULL, lines BIGINT NOT NULL, content BYTEA NOT NULL,
                PRIMARY KEY (run_id, kind, shard, source, number))
                """,
                """
                CREATE TABLE recon_rejects (run_id BYTEA NOT NULL, number BIGINT NOT NULL, line BIGINT NOT NULL,
                field TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (run_id, number)) /* clustered */
                """,
                """
                CREATE TABLE recon_differences (run_id BYTEA NOT NULL, number BIGINT NOT NULL, id BYTEA NOT NULL,
                channel TEXT NOT NULL, day BIGINT NOT NULL, class TEXT NOT NULL, state TEXT NOT NULL,
                reference TEXT NOT NULL, currency TEXT NOT NULL, open_minor BIGINT NOT NULL, content BYTEA NOT NULL,
                found_at BIGINT NOT NULL, PRIMARY KEY (run_id, number)) /* clustered */
                """,
                "CREATE INDEX recon_differences_by_id ON recon_differences (id, run_id)",
                // Lines that wait for the next day's file, or for the next day's books.
                """
                CREATE TABLE recon_carried (channel TEXT NOT NULL, origin_day BIGINT NOT NULL, side BIGINT NOT NULL,
                key BYTEA NOT NULL, origin_run BYTEA NOT NULL, last_day BIGINT NOT NULL, difference_id BYTEA NOT NULL,
                taken_run BYTEA, taken_day BIGINT, content BYTEA NOT NULL,
                PRIMARY KEY (channel, origin_day, side, key)) /* clustered */
                """
            ]),
        Migration(
            capability: "reconciliation", version: 2, name: "what the matcher suggests to people",
            statements: [
                """
                CREATE TABLE recon_suggestions (run_id BYTEA NOT NULL, number BIGINT NOT NULL,
                confidence BIGINT NOT NULL, content BYTEA NOT NULL, PRIMARY KEY (run_id, number)) /* clustered */
                """,
                // By which a difference, and so a case, finds the suggestions that its lines stand in.
                """
                CREATE TABLE recon_suggestion_links (difference_id BYTEA NOT NULL, run_id BYTEA NOT NULL,
                number BIGINT NOT NULL, PRIMARY KEY (difference_id, run_id, number)) /* clustered */
                """,
                "CREATE INDEX recon_suggestion_links_of_run ON recon_suggestion_links (run_id)"
            ])
    ]
}
