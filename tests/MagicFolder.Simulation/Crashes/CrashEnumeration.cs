using System.Collections.Concurrent;

namespace MagicFolder.Simulation.Crashes;

/// <summary>All workloads of so many operations, with a crash of either computer at every step that leaves something behind, in every way.</summary>
internal sealed class CrashEnumeration(int operations, int maxFailures, bool showTraces)
{
    private readonly ConcurrentBag<string> _failures = [];
    private readonly Lock _output = new();
    private long _workloads;
    private long _crashes;

    /// <param name="from">Number of the first workload, from 0.</param>
    /// <param name="to">Beyond the last.</param>
    /// <returns>0 if every promise was kept, else 1.</returns>
    public int Run(int from, int to)
    {
        long start = TimeProvider.System.GetTimestamp();
        var workloads = Workload.All(operations).Skip(from).Take(to - from);
        Parallel.ForEach(
            Partitioner.Create(workloads, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            (workload, loop) =>
            {
                foreach (var kind in Enum.GetValues<CrashKind>())
                    for (int who = 0; who < 2; who++) CrashEverywhere(workload, who, kind);
                if (_failures.Count >= maxFailures) loop.Stop();
                if (Interlocked.Increment(ref _workloads) % 100 == 0) Console.Error.WriteLine($"{_workloads:#,0} workloads, {_crashes:#,0} crashes, {_failures.Count} failed");
            });
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        Console.Out.WriteLine($"{_workloads:#,0} workloads of {operations} operations, {_crashes:#,0} crashes, {_failures.Count} failed, {elapsed.TotalSeconds:0.0} s");
        return _failures.IsEmpty ? 0 : 1;
    }

    private void CrashEverywhere(Workload workload, int who, CrashKind kind)
    {
        // Until one falls beyond the last step: that run had no crash.
        for (int step = 1; ; step++)
        {
            int steps = RunOne(new CrashPoint(workload, who, step, kind));
            if (steps < step || _failures.Count >= maxFailures) return;
            Interlocked.Increment(ref _crashes);
        }
    }

    private int RunOne(CrashPoint point)
    {
        try
        {
            return CrashRun.Run(point, showTraces ? 100_000 : 0);
        }
        catch (CrashFailure failure)
        {
            _failures.Add(failure.Message);
            lock (_output) Console.Out.WriteLine(showTraces ? failure.Message : $"{point}: {failure.Reason.Split('\n')[0]}");
            return int.MaxValue;
        }
    }
}
