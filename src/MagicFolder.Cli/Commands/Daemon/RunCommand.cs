using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Configuration;
using MagicFolder.Daemon.Lifetime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>run</c>: the daemon.</summary>
internal static class RunCommand
{
    internal static Command Create()
    {
        var config = CommonOptions.Config();
        var log = new Option<string?>("--log") { Description = "Write what is told to this file as well; when it has 10 MB it becomes FILE.1, and a new one begins", HelpName = "FILE" };
        var lowPriority = CommonOptions.LowPriority();
        var command = new Command(
            "run",
            """
            Keep the folders of this computer in sync until stopped with Ctrl-C or by the service manager. The other commands talk to it. One daemon works with a configuration; it tells
            on standard error what it does. docs/daemon.md has a unit file for systemd.
            """)
        {
            config, log, lowPriority,
        };
        command.SetAction((parsed, cancel) =>
        {
            if (parsed.GetValue(lowPriority)) Priority.Lower();
            return Failure.GuardAsync(() => RunAsync(parsed.GetValue(config), parsed.GetValue(log), cancel));
        });
        return command;
    }

    private static async Task<int> RunAsync(string? config, string? log, CancellationToken cancel)
    {
        var directory = ConfigurationChoice.Existing(config);
        using var file = log is null ? null : new LogFile(Path.GetFullPath(log), TimeProvider.System);
        using var logs = LoggerFactory.Create(logging =>
        {
            Configure(logging);
            if (file is not null) logging.AddProvider(file);
        });
        await DaemonProcess.RunAsync(DaemonComposition.Of(directory, ClientConfiguration.Load(directory)), logs, cancel);
        return ExitStatus.Done;
    }

    /// <summary>systemd adds the time by itself, and reads the level from the beginning of a line.</summary>
    private static void Configure(ILoggingBuilder logging)
    {
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 }) logging.AddSystemdConsole();
        else
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
            });
        }
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
