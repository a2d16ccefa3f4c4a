using System.CommandLine;
using MagicFolder.Fuzzing.Runs;
using MagicFolder.Fuzzing.Targets;

namespace MagicFolder.Fuzzing;

/// <summary>The command <c>fuzz</c>: feeds parsers with hostile bytes. Exit status: 0 all inputs were accepted or properly refused, 1 some were not, 2 wrong usage.</summary>
internal static class Program
{
    internal static int Main(string[] arguments)
    {
        var target = new Option<string>("--target") { Description = $"all, or some with commas: {string.Join(", ", AllTargets.Names)}", DefaultValueFactory = _ => "all" };
        var seconds = new Option<int?>("--seconds") { Description = "How long for each target, in processor time" };
        var inputs = new Option<long?>("--inputs") { Description = "How many inputs for each target; 100000 if neither this nor --seconds is given" };
        var seed = new Option<int?>("--seed") { Description = "Where the inputs start from; from the clock if not given, and printed" };
        var failures = new Option<string?>("--failures") { Description = "Directory for inputs that failed" };
        var corpus = new Option<string?>("--corpus") { Description = "Directory that gets a directory for each target with the small inputs that showed something new" };
        var root = new RootCommand("Feeds every parser of magic-folder that meets bytes from outside with hostile ones.") { target, seconds, inputs, seed, failures, corpus };
        root.SetAction(parsed =>
        {
            string wanted = parsed.GetRequiredValue(target);
            var targets = AllTargets.Find(wanted);
            if (targets is null)
            {
                Console.Error.WriteLine($"fuzz: --target takes all, or some of {string.Join(", ", AllTargets.Names)} with commas");
                return 2;
            }
            long? count = parsed.GetValue(inputs);
            int? time = parsed.GetValue(seconds);
            var options = new FuzzOptions(
                parsed.GetValue(seed) ?? Environment.TickCount, count ?? (time is null ? 100_000 : long.MaxValue),
                time is { } limit ? TimeSpan.FromSeconds(limit) : TimeSpan.MaxValue, parsed.GetValue(failures), parsed.GetValue(corpus));
            return new FuzzCampaign(options, Console.Error).Run(targets, Console.Out);
        });
        var result = root.Parse(arguments);
        return result.Errors.Count > 0 ? Usage(result) : result.Invoke();
    }

    private static int Usage(ParseResult result)
    {
        foreach (var error in result.Errors) Console.Error.WriteLine($"fuzz: {error.Message}");
        return 2;
    }
}
