using MagicFolder.Fuzzing.Targets;

namespace MagicFolder.Fuzzing.Runs;

/// <summary>Targets one after the other, with progress, a table at the end, and failing inputs in files.</summary>
internal sealed class FuzzCampaign(FuzzOptions options, TextWriter progress)
{
    private readonly List<FuzzReport> _reports = [];

    /// <returns>The exit status.</returns>
    public int Run(IReadOnlyList<FuzzTarget> targets, TextWriter table)
    {
        progress.WriteLine($"fuzz: seed {options.Seed}");
        foreach (var target in targets)
        {
            var run = new TargetRun(target, options.Seed);
            using var watchdog = new Watchdog(input => Hang(run, input, table));
            _reports.Add(run.Report);
            run.Run(options.Inputs, options.Time, watchdog, report => progress.WriteLine($"fuzz: {report.Target} {report.Inputs} inputs, {run.Corpus.Count} in corpus, {report.Failures.Count} failures"));
            foreach (var failure in run.Report.Failures.Values) Keep(target.Name, failure);
            if (options.Corpus is { } corpus) run.Corpus.Write(corpus, target);
        }
        return Finish(table);
    }

    private void Hang(TargetRun run, byte[] input, TextWriter table)
    {
        var failure = new FuzzFailure("hang", input, "The input took longer than two seconds.");
        run.Report.Failures["hang"] = failure;
        Keep(run.Report.Target, failure);
        Environment.Exit(Finish(table));
    }

    private void Keep(string target, FuzzFailure failure)
    {
        progress.WriteLine($"fuzz: {target} FAILED with {failure.Input.Length} bytes: {failure.What}\n{failure.Detail}");
        if (options.Failures is not { } directory) return;
        Directory.CreateDirectory(directory);
        string name = $"{target}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(failure.Input).AsSpan(0, 6))}";
        File.WriteAllBytes(Path.Combine(directory, name), failure.Input);
        File.WriteAllText(Path.Combine(directory, name + ".txt"), $"seed {options.Seed}\n{failure.What}\n{failure.Detail}\n");
    }

    private int Finish(TextWriter table)
    {
        table.WriteLine($"seed {options.Seed}");
        table.WriteLine(FuzzReport.Header);
        foreach (var report in _reports) table.WriteLine(report.Row);
        int failures = _reports.Sum(report => report.Failures.Count);
        table.WriteLine(failures == 0 ? "every input was accepted or properly refused" : $"{failures} distinct failures");
        return failures == 0 ? 0 : 1;
    }
}
