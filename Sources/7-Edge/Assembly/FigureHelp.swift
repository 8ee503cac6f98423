/// What each figure of `/metrics` tells, in the words that Prometheus and its tools show beside it.
public enum FigureHelp {
    public static let texts = http.merging(store) { $1 }.merging(reconciliation) { $1 }

    private static let http = [
        "kontor_http_requests_total": "Answered requests, by operation and status.",
        "kontor_http_request_duration_seconds": "How long requests took, by operation.",
        "kontor_http_requests_in_flight": "Requests that are being answered now.",
        "kontor_http_rate_limited_total": "Requests that were refused because a rate was used up, by operation.",
        "kontor_metrics_dropped_total": "Series that were not kept because there were too many."
    ]

    private static let store = [
        "kontor_store_commands_total": "Commands that were committed.",
        "kontor_store_batches_total": "Commits, each of one or more commands.",
        "kontor_store_commit_seconds": "How long commits took, to the disk and back.",
        "kontor_journal_projection_failures_total": "Failures of a projection; it is tried again after the next event.",
        "kontor_jobs_leases_held": "Books whose jobs this process does.",
        "kontor_jobs_leases_taken_over_total": "Leases that were taken from a process that had died.",
        "kontor_jobs_leases_lost_total": "Leases that another process has taken.",
        "kontor_postgres_connections_busy": "Connections to PostgreSQL that are in use.",
        "kontor_postgres_jobs_waiting": "Work that waits for a connection to PostgreSQL.",
        "kontor_postgres_connects_total": "Connections to PostgreSQL that were opened.",
        "kontor_postgres_connect_failures_total": "Connections to PostgreSQL that could not be opened.",
        "kontor_postgres_commits_looked_up_total": "Commits whose answer was lost, so that their outcome was asked for."
    ]

    private static let reconciliation = [
        "tasks_waiting": "Tasks of runs that nobody works on.",
        "oldest_task_seconds": "For how long the oldest waiting task could have been taken.",
        "busy_permille": "Share of the last 15 seconds that this process worked on tasks.",
        "tasks_total": "Tasks that this process has worked on.",
        "worked_seconds_total": "How long this process has worked on tasks.",
        "fetches_total": "Answers of statement sources, by channel and outcome.",
        "open_cases": "Cases that have not ended.",
        "carried_lines": "Lines that wait for the other side's file.",
        "overdue_runs": "Business days that were not settled by their deadline.",
        "overdue_statements": "Statements that have not come by their deadline.",
        "reconciled_ppm": "Share of lines that are reconciled, of the last seven business days.",
        "wrong_ppm": "Share of lines that are left wrong, of the last seven business days.",
        "on_time_ppm": "Share of business days that were settled in time, of the last seven.",
        "automatic_ppm": "Share of ended cases that ended without a person, of the last seven business days.",
        "reconciled_objective_ppm": "The least share of reconciled lines that the tenant wants.",
        "wrong_objective_ppm": "The largest share of lines left wrong that the tenant allows.",
        "on_time_objective_ppm": "The least share of days settled in time that the tenant wants.",
        "automatic_objective_ppm": "The least share of cases without a person that the tenant wants.",
        "reconciled_met": "Whether the objective for reconciled lines is met.",
        "wrong_met": "Whether the objective for lines left wrong is met.",
        "on_time_met": "Whether the objective for days settled in time is met.",
        "automatic_met": "Whether the objective for cases without a person is met."
    ].reduce(into: [:]) { $0["kontor_reconciliation_" + $1.key] = $1.value }
}
