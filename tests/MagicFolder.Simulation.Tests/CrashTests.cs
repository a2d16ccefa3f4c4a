using MagicFolder.Simulation.Crashes;

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
            for (int step = 1; CrashRun.Run(new CrashPoint(workload, who, step, CrashKind.PowerLosesAll)) >= step; step++) crashes++;
        crashes.ShouldBeGreaterThan(300);
    }

    [Fact]
    public void ThereAreSoManyWorkloads() => Enumerable.Range(1, 3).Select(n => Workload.All(n).Count()).ShouldBe([24, 432, 6912]);
}
