using MagicFolder.Simulation.Crashes;
using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation;

/// <summary>A part of <c>simulate crashes</c>: all workloads of one operation, each with a crash at every step of either computer.</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    internal void AfterACrashAtAnyStepOfAnyWorkloadOfOneOperationEveryPromiseIsKept(int who)
    {
        int crashes = 0;
        foreach (var workload in Workload.All(1))
            for (int step = 1; Run(new CrashPoint(workload, who, step, CrashKind.PowerLosesAll)) >= step; step++) crashes++;
        crashes.ShouldBeGreaterThan(300);

        static int Run(CrashPoint point) => CrashRun.Run(point, OtherProgram.GoesOn, new Trace(0));
    }

    /// <summary>Traces name snapshots, versions, staging names and packs, so any difference in a byte shows.</summary>
    [Fact]
    public void ACopyOfTheMomentOfACrashGoesOnAsARunFromTheBeginningDoes()
    {
        int compared = 0;
        // Never thrown in the middle of a step: that may be a commit of the database.
        var failures = new List<CrashFailure>();
        foreach (var workload in Workload.All(1))
        {
            var sweep = new CrashSweep(workload, 1, failures.Add)
            {
                TraceLines = 100_000,
                AfterEach = (point, trace) =>
                {
                    // All of them would be the whole enumeration in its slow way.
                    if (++compared % 10 != 0) return;
                    var whole = new Trace(100_000);
                    CrashRun.Run(point, OtherProgram.StartsAnew, whole);
                    string[] copied = LinesOf(trace);
                    int end = Array.FindIndex(copied, line => line.StartsWith("round of", StringComparison.Ordinal) || line.StartsWith("==", StringComparison.Ordinal));
                    string[] expected = LinesOf(whole)[^(copied.Length + 1)..];
                    expected[end].ShouldContain(" ends ", Case.Sensitive, point.ToString());
                    copied.ShouldBe([.. expected[..end], .. expected[(end + 1)..]], point.ToString());
                },
            };
            sweep.Run();
            failures.ShouldBeEmpty();
            // At every step of either, in every way.
            sweep.Crashes.ShouldBe(Enum.GetValues<CrashKind>().Length * (StepsOf(workload, 0) + StepsOf(workload, 1)));
        }
        compared.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void ThereAreSoManyWorkloads() => Enumerable.Range(1, 3).Select(n => Workload.All(n).Count()).ShouldBe([24, 432, 6912]);

    /// <summary>Without a crash.</summary>
    private static int StepsOf(Workload workload, int who) => CrashRun.Run(new CrashPoint(workload, who, 0, CrashKind.Process), OtherProgram.GoesOn, new Trace(0));

    /// <summary>Without their numbers.</summary>
    private static string[] LinesOf(Trace trace) => [.. trace.ToString().Split(Environment.NewLine).Select(line => line[7..])];
}
