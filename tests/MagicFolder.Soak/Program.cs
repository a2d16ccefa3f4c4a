using System.CommandLine;
using MagicFolder.Soak.Running;

namespace MagicFolder.Soak;

/// <summary>The command <c>soak</c>: the real program, killed again and again while users work. Exit status: 0 well, 1 a promise was broken, 2 wrong usage.</summary>
internal static class Program
{
    internal static int Main(string[] arguments)
    {
        var kills = new Option<int>("--kills") { Description = "How many times the program is killed", DefaultValueFactory = _ => 300 };
        var minutes = new Option<double?>("--minutes") { Description = "Stop killing after so many minutes" };
        var seed = new Option<int>("--seed") { Description = "For all choices; what happens between them is up to the machine", DefaultValueFactory = _ => 1 };
        var folders = new Option<int>("--folders") { Description = "2 to 5", DefaultValueFactory = _ => 3 };
        var epoch = new Option<int>("--epoch") { Description = "Kills between two checks", DefaultValueFactory = _ => 20 };
        var calm = new Option<bool>("--no-troubles") { Description = "Kills alone: no full disk, no permissions taken away" };
        var directory = new Option<string?>("--directory") { Description = "Where; by default below the temporary directory", HelpName = "DIR" };
        var daemons = new Option<int>("--daemons") { Description = "2 to 10 daemons in one folder instead of the command sync; for --minutes, 3 by default" };
        var idle = new Option<double>("--idle") { Description = "Seconds for which daemons are watched at rest", DefaultValueFactory = _ => 60 };
        var root = new RootCommand("Runs magic-folder on this disk, kills it while users edit all folders, and checks that nothing is lost.")
        {
            kills, minutes, seed, folders, epoch, calm, directory, daemons, idle,
        };
        root.SetAction((parsed, cancel) =>
        {
            int number = parsed.GetValue(seed);
            var options = new SoakOptions
            {
                Kills = parsed.GetValue(kills),
                Limit = parsed.GetValue(minutes) is { } limit ? TimeSpan.FromMinutes(limit) : null,
                Seed = number,
                Folders = Math.Clamp(parsed.GetValue(folders), 2, 5),
                Epoch = Math.Max(1, parsed.GetValue(epoch)),
                Troubles = !parsed.GetValue(calm),
                Daemons = parsed.GetValue(daemons) is var many and > 0 ? Math.Clamp(many, 2, Places.Names.Count) : 0,
                Idle = TimeSpan.FromSeconds(parsed.GetValue(idle)),
                Directory = Path.Combine(parsed.GetValue(directory) ?? Path.GetTempPath(), $"magic-folder-soak-{number}-{Environment.ProcessId}"),
            };
            return options.Daemons > 0 ? new DaemonCampaign(options).RunAsync(cancel) : new Campaign(options).RunAsync(cancel);
        });
        var result = root.Parse(arguments);
        if (result.Errors.Count == 0) return result.Invoke();
        foreach (var error in result.Errors) Console.Error.WriteLine($"soak: {error.Message}");
        return 2;
    }
}
