using System.CommandLine;
using System.Globalization;
using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Daemon.Api;
using MagicFolder.Daemon.Configuration;
using MagicFolder.Daemon.Lifetime;

namespace MagicFolder.Cli.Commands.Daemon;

/// <summary><c>config [KEY [VALUE]]</c>: shows and changes the settings of this computer.</summary>
internal static class ConfigCommand
{
    private const string GridKey = "grid";

    internal static Command Create()
    {
        var key = new Argument<string?>("KEY") { Description = $"{GridKey}, {string.Join(", ", ClientConfiguration.NumberKeys)} (default: all)", DefaultValueFactory = _ => null };
        var value = new Argument<string?>("VALUE") { Description = "What it is from now on (default: show it)", DefaultValueFactory = _ => null };
        var config = CommonOptions.Config();
        var command = new Command(
            "config",
            """
            Show the settings of this computer, or change one; no state is lost. A daemon that runs takes all but the port at once. With 'grid' the folders go on where their grid is now, for instance on a drive that
            is mounted elsewhere; a grid that does not have them is refused. docs/daemon.md says what the settings mean.

            Example: magic-folder config uploadBytesPerSecond 500000
            """)
        {
            key, value, config,
        };
        command.SetAction((parsed, cancel) => Failure.GuardAsync(async () =>
        {
            var directory = ConfigurationChoice.Existing(parsed.GetValue(config));
            var configuration = ClientConfiguration.Load(directory);
            if (parsed.GetValue(key) is not { } name)
            {
                Console.Out.WriteLine($"{GridKey} = {configuration.Grid}");
                foreach (string number in ClientConfiguration.NumberKeys) Console.Out.WriteLine($"{number} = {configuration.Number(number)}");
                return ExitStatus.Done;
            }
            if (name != GridKey && !ClientConfiguration.NumberKeys.Contains(name))
                throw new UsageException($"there is no setting {name}; there are {GridKey}, {string.Join(", ", ClientConfiguration.NumberKeys)}.");
            if (parsed.GetValue(value) is not { } given) Console.Out.WriteLine(name == GridKey ? configuration.Grid : configuration.Number(name).ToString(CultureInfo.InvariantCulture));
            else if (name == GridKey) await ChangeGridAsync(directory, configuration, given, cancel);
            else await ChangeNumberAsync(parsed.GetValue(config), name, given, cancel);
            return ExitStatus.Done;
        }));
        return command;
    }

    private static async Task ChangeGridAsync(ConfigurationDirectory directory, ClientConfiguration configuration, string given, CancellationToken cancel)
    {
        string grid = GridOpening.Resolve(given);
        var folders = await GridChange.ApplyAsync(DaemonComposition.Of(directory, configuration), grid, cancel);
        Console.Out.WriteLine(folders.Count == 0 ? $"Grid: {grid}" : $"Grid: {grid}, where {string.Join(", ", folders)} will go on. Start the daemon with: {ConfigurationChoice.CommandFor(directory, "run")}");
    }

    private static async Task ChangeNumberAsync(string? config, string name, string given, CancellationToken cancel)
    {
        if (!long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out long number)) throw new UsageException($"{name} takes a number, not '{given}'.");
        if (await ApiClient.TryOpenAsync(config, cancel) is { } client)
        {
            using (client) await client.SendAsync(HttpMethod.Post, "/v1/config", new SettingRequest(name, number), ApiJson.Default.SettingRequest, ApiJson.Default.SettingsDocument, cancel);
            Console.Out.WriteLine($"{name} = {number}");
            if (name == ClientConfiguration.PortKey) Console.Error.WriteLine("The daemon listens where it does until it is started again.");
            return;
        }
        var directory = ConfigurationChoice.Existing(config);
        ClientConfiguration.Load(directory).With(name, number, directory.ConfigurationFile).Save(directory);
        Console.Out.WriteLine($"{name} = {number}");
    }
}
