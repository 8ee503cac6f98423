import ArgumentParser

/// The command: `kontor help` lists what it can do.
@main
struct Kontor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kontor",
        abstract: "A commerce engine that keeps its own books.",
        discussion: """
            Settings come from flags, then from the environment (KONTOR_DATA, KONTOR_HTTP_PORT, KONTOR_LOG_LEVEL, …), then \
            from defaults. Exit codes: 0 done, 1 the check or command failed, 64 the command line was wrong, 75 try again.
            """,
        version: "0.1.0",
        subcommands: [
            ServeCommand.self, DemoCommand.self, SandboxCommand.self, TenantCommand.self, PlatformCommand.self,
            KeyCommand.self, CatalogCommand.self, LedgerCommand.self, AuditCommand.self, MigrateCommand.self,
            DoctorCommand.self, BenchCommand.self, RulesCommand.self, ReconcileCommand.self, StatementCommand.self,
            ReconciliationCommand.self
        ])
}
