using System.Globalization;
using MagicFolder.Fuzzing.Runs;
using MagicFolder.Fuzzing.Targets;

namespace MagicFolder.Fuzzing.Tests;

public sealed class TargetTests(ITestOutputHelper output)
{
    private const int FreshInputs = 2000;

    public static TheoryData<string> Targets => [.. AllTargets.Names];

    [Theory]
    [MemberData(nameof(Targets))]
    public void HostileBytesAreAcceptedOrProperlyRefused(string target)
    {
        int seed = Environment.GetEnvironmentVariable("FUZZ_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var run = new TargetRun(AllTargets.Find(target)!.Single(), seed);
        using var watchdog = new Watchdog(input => Environment.FailFast($"{target} hangs with seed {seed} on {Convert.ToHexString(input)}"));

        var report = run.Run(FreshInputs, TimeSpan.FromSeconds(10), watchdog, _ => { });

        report.Failures.Values.Select(failure => $"seed {seed}: {failure.What} on {Convert.ToHexString(failure.Input)}\n{failure.Detail}").ShouldBeEmpty();
        report.Accepted.ShouldBeGreaterThan(0);
        report.Inputs.ShouldBeGreaterThan(FreshInputs / 10);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void ValidValuesAreAccepted(string target)
    {
        var tried = AllTargets.Find(target)!.Single();
        var random = new Random(1);
        for (int i = 0; i < 50; i++) Should.NotThrow(() => tried.Run(tried.Generate(random)));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void TheCorpusIsCommitted(string target) =>
        Corpus.Committed(AllTargets.Find(target)!.Single()).Count().ShouldBeGreaterThan(2);
}
