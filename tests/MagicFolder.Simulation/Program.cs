using System.CommandLine;
using MagicFolder.Simulation.Crashes;
using MagicFolder.Simulation.Decisions;
using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation;

/// <summary>The command <c>simulate</c>: runs seeds and reports those that break a promise. Exit status: 0 none, 1 some, 2 wrong usage.</summary>
internal static class Program
{
    internal static int Main(string[] arguments)
    {
        var seeds = new Option<string>("--seeds") { Description = "From..to", DefaultValueFactory = _ => "1..1000", HelpName = "A..B" };
        var participants = new Option<int>("--participants") { Description = "2 to 5", DefaultValueFactory = _ => 3 };
        var faults = new Option<string>("--faults")
        {
            Description = "What may go wrong: none, all, or some of users, nested, crash, power, disk, grid, state, stale, loss, names with commas; collect, which all does not include, frees storage", DefaultValueFactory = _ => "all",
        };
        var turns = new Option<int>("--turns") { Description = "User actions and rounds of each run", DefaultValueFactory = _ => 40 };
        var only = new Option<string?>("--only") { Description = "Of all turns only these, with commas: what --shrink prints" };
        var moods = new Option<bool>("--moods") { Description = "In each run some kinds of trouble are rare and others frequent" };
        var shrink = new Option<bool>("--shrink") { Description = "Make every failing run as small as it gets" };
        var stop = new Option<int>("--failures") { Description = "Stop after so many failing seeds", DefaultValueFactory = _ => 10 };
        var trace = new Option<bool>("--trace") { Description = "Print all events of every failing run" };
        var root = new RootCommand("Runs the engine of magic-folder on simulated computers, each run from one seed, and checks the promises.")
        {
            seeds, participants, faults, turns, moods, only, shrink, stop, trace,
        };
        root.SetAction(parsed =>
        {
            string[] range = parsed.GetRequiredValue(seeds).Split("..");
            if (range.Length > 2 || !ulong.TryParse(range[0], out ulong first) || !ulong.TryParse(range[^1], out ulong last) || last < first)
            {
                Console.Error.WriteLine("simulate: --seeds takes A..B, e.g. 1..1000");
                return 2;
            }
            if (!Enum.TryParse(parsed.GetRequiredValue(faults), ignoreCase: true, out Faults kinds) || !TryReadTurns(parsed.GetValue(only), out var turnsTaken))
            {
                Console.Error.WriteLine($"simulate: --faults takes {string.Join(", ", Enum.GetNames<Faults>()).ToLowerInvariant()}; --only takes numbers of turns, with commas");
                return 2;
            }
            var options = SimulationOptions.Everything.With(kinds) with
            {
                Only = turnsTaken,
                HasMoods = parsed.GetValue(moods),
                Participants = Math.Clamp(parsed.GetValue(participants), 2, 5),
                Turns = parsed.GetValue(turns),
                TraceLines = parsed.GetValue(trace) ? 100_000 : 0,
            };
            return new Campaign(options, parsed.GetValue(stop), parsed.GetValue(trace), parsed.GetValue(shrink)).Run(first, last);
        });
        root.Subcommands.Add(Crashes(stop, trace));
        root.Subcommands.Add(Decisions(stop));
        var result = root.Parse(arguments);
        return result.Errors.Count > 0 ? Usage(result) : result.Invoke();
    }

    private static Command Crashes(Option<int> stop, Option<bool> trace)
    {
        var operations = new Option<int>("--operations") { Description = "Operations of each workload, 1 to 3", DefaultValueFactory = _ => 1 };
        operations.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 3) result.AddError("--operations takes 1 to 3.");
        });
        var from = new Option<int>("--from") { Description = "Number of the first workload", DefaultValueFactory = _ => 0 };
        var to = new Option<int>("--to") { Description = "Beyond the last workload", DefaultValueFactory = _ => int.MaxValue };
        var command = new Command("crashes", "Runs all small workloads of two computers, with a crash at every step of either.") { operations, from, to, stop, trace };
        command.SetAction(parsed =>
            new CrashEnumeration(parsed.GetValue(operations), parsed.GetValue(stop), parsed.GetValue(trace)).Run(parsed.GetValue(from), parsed.GetValue(to)));
        return command;
    }

    private static Command Decisions(Option<int> stop)
    {
        var runs = new Option<long>("--runs") { Description = "How many", DefaultValueFactory = _ => 1_000_000 };
        var seed = new Option<ulong>("--seed") { Description = "Where the runs start from", DefaultValueFactory = _ => 1 };
        var processors = new Option<int>("--processors") { Description = "How many run at once; all by default", DefaultValueFactory = _ => Environment.ProcessorCount };
        processors.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError("--processors takes 1 or more.");
        });
        var command = new Command("decisions", "Runs the join and the plan alone, at random, beside a reference.") { runs, seed, processors, stop };
        command.SetAction(parsed =>
            new DecisionCampaign(new DecisionOptions(parsed.GetValue(runs), parsed.GetValue(seed), parsed.GetValue(processors), parsed.GetValue(stop)), Console.Out).Run());
        return command;
    }

    private static bool TryReadTurns(string? text, out int[]? turns)
    {
        turns = null;
        if (text is null) return true;
        string[] parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries);
        turns = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
            if (!int.TryParse(parts[i], out turns[i])) return false;
        return true;
    }

    private static int Usage(ParseResult result)
    {
        foreach (var error in result.Errors) Console.Error.WriteLine($"simulate: {error.Message}");
        return 2;
    }
}
