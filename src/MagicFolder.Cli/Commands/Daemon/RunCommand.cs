using System.CommandLine;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon;
using MagicFolder.Daemon.Configuration;
using MagicFolder.Daemon.Lifetime;
using MagicFolder.Grid;
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
        var command = new Command(
            "run",
            """
            Keep the folders of this computer in sync until stopped with Ctrl-C or by the service manager. The other commands talk to it. One daemon works with a configuration; it tells
            on standard error what it does. docs/daemon.md has a unit file for systemd.
            """)
        {
            config,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(() => RunAsync(parsed.GetValue(config), cancel)));
        return command;
    }

    private static async Task<int> RunAsync(string? config, CancellationToken cancel)
    {
        var directory = ConfigurationChoice.Existing(config);
        using var logs = LoggerFactory.Create(Configure);
        await DaemonProcess.RunAsync(
            new DaemonEnvironment(directory, ClientConfiguration.Load(directory), TimeProvider.System, SystemRandom.Instance)
            {
                OpenGrid = async (grid, mayCreate, leaseSecret, stop) => (await GridOpening.OpenAsync(grid, mayCreate, stop)).For(leaseSecret.Span),
                DescribeGrid = Describe,
                IdentifyGrid = IdentifyAsync,
            },
            logs, cancel);
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

    /// <summary>By the identities of its servers, whatever they are called here and in whatever order.</summary>
    private static async Task<byte[]> IdentifyAsync(string grid, bool mayCreate, CancellationToken cancel)
    {
        var members = (await GridOpening.OpenAsync(grid, mayCreate, cancel)).Members;
        var identities = new List<string>();
        foreach (var member in members) identities.Add((await member.OpenAsync(cancel)).Identity.ToString());
        return System.Text.Encoding.ASCII.GetBytes(string.Join('\n', identities.Order(StringComparer.Ordinal)));
    }

    private static GridDescription Describe(string grid)
    {
        var directories = GridOpening.DirectoriesOf(grid);
        return File.Exists(grid)
            ? new GridDescription("grid-file", directories, GridFile.Load(grid).Encoding.Happy)
            : new GridDescription("directory", directories, 1);
    }
}
