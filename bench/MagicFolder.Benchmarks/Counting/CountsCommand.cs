using System.Diagnostics;
using System.Globalization;

namespace MagicFolder.Benchmarks.Counting;

/// <summary>
/// <c>counts</c> compares what hot paths cost with what was recorded; <c>counts --record</c> records it. What is allocated depends on what the compiler makes of the
/// code, and tiers change that while a program runs: so this runs in a process without them.
/// </summary>
internal static class CountsCommand
{
    private const string Tiers = "DOTNET_TieredCompilation";
    private const int Rounds = 6;

    /// <summary>Exit status: 1 when something got worse, 2 for a wrong argument.</summary>
    internal static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not ([] or ["--record"]))
        {
            await Console.Error.WriteLineAsync("benchmarks counts [--record]: there is no other argument.");
            return 2;
        }
        if (Environment.GetEnvironmentVariable(Tiers) != "0") return await RunWithoutTiersAsync(arguments);
        var costs = await MeasureAsync();
        if (arguments.Length == 0) return Report(CostChange.Compare(RecordedCosts.Read(), costs));
        RecordedCosts.Write(costs);
        Console.WriteLine($"{costs.Count} costs are recorded in {RecordedCosts.Place}");
        return 0;
    }

    /// <summary>Statements are counted in the first round, which warms up.</summary>
    private static async Task<IReadOnlyDictionary<string, double>> MeasureAsync()
    {
        var meter = new Meter();
        for (int round = 1; round <= Rounds; round++)
        {
            meter.Tally.IncludesStatements = round == 1;
            await HotPaths.RunAsync(meter);
        }
        return meter.Costs;
    }

    private static async Task<int> RunWithoutTiersAsync(string[] arguments)
    {
        string program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { Environment = { [Tiers] = "0" } };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (string argument in (string[])["counts", .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static int Report(IReadOnlyList<CostChange> changes)
    {
        Console.WriteLine("| what | recorded | now | change |");
        Console.WriteLine("| --- | ---: | ---: | ---: |");
        foreach (var change in changes) Console.WriteLine($"| {change.What} | {Text(change.Recorded)} | {Text(change.Now)} | {Percent(change)} |");
        Console.WriteLine();
        foreach (var better in changes.Where(change => change.IsBetter)) Console.WriteLine($"better: {Line(better)}");
        var worse = changes.Where(change => change.IsWorse).ToList();
        foreach (var change in worse) Console.WriteLine($"worse: {Line(change)}");
        Console.WriteLine(worse.Count == 0 ? "Nothing got worse." : $"{worse.Count} of {changes.Count} costs got worse. Where that is intended, record them: counts --record");
        return worse.Count == 0 ? 0 : 1;
    }

    private static string Line(CostChange change) => $"{change.What}: {Text(change.Recorded)} -> {Text(change.Now)}";

    private static string Text(double? cost) => cost is { } known ? RecordedCosts.Text(known) : "none";

    private static string Percent(CostChange change) => change.Ratio is { } ratio ? (ratio - 1).ToString("+0.0 %;-0.0 %;0.0 %", CultureInfo.InvariantCulture) : "";
}
