using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation.Crashes;

/// <summary>
/// All crashes of one workload. It runs once; before each step that leaves something behind, copies of all computers are made, which go on from there as after a crash. The
/// program of the computer that does not crash stops as well, between two rounds, and both are started again: an engine in its round cannot be copied, nor one that waits.
/// </summary>
/// <remarks>
/// A copy that is the same as an earlier one of the same round, to the byte, counts as a crash but is not gone on with: the program starts from nothing but what is there, and
/// the round says what the other computer has. What may differ is the time by less than the length of a round, which nothing can tell (the next round is seconds later,
/// far beyond the granularity of times), and chance, which then decides how many paths make a batch.
/// </remarks>
/// <param name="workload">What the users do.</param>
/// <param name="maxFailures">After so many no more crashes are tried.</param>
/// <param name="failed">Told of every crash after which a promise was broken, in the middle of a step: it must not throw.</param>
internal sealed class CrashSweep(Workload workload, int maxFailures, Action<CrashFailure> failed)
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private int _turn = -1;
    private int _failures;

    /// <summary>Crashes so far.</summary>
    public int Crashes { get; private set; }

    /// <summary>How many different states they left.</summary>
    public int States { get; private set; }

    /// <summary>How many of the last events are kept of what follows a crash.</summary>
    public int TraceLines { get; init; }

    /// <summary>Told of every crash that was gone on from, and what happened after it.</summary>
    public Action<CrashPoint, Trace> AfterEach { get; init; } = (_, _) => { };

    public void Run()
    {
        var trace = new Trace(0);
        var none = new CrashPoint(workload, 0, 0, CrashKind.Process);
        try
        {
            using var timeline = new CrashTimeline(workload, trace);
            timeline.AtStep = (computer, step) =>
            {
                foreach (var kind in Enum.GetValues<CrashKind>()) Crash(timeline, new CrashPoint(workload, computer.Index, step, kind));
                return false;
            };
            timeline.Run();
        }
        catch (Exception e)
        {
            Fail(CrashFailure.Of(none, trace, e));
        }
    }

    private void Crash(CrashTimeline timeline, CrashPoint point)
    {
        if (_failures >= maxFailures) return;
        Crashes++;
        if (_turn != timeline.Turn) _seen.Clear();
        _turn = timeline.Turn;
        var trace = new Trace(TraceLines);
        try
        {
            using var cluster = timeline.Cluster.Copy(trace);
            cluster.RestartChance(point.Seed);
            cluster.LosesAll = point.Kind == CrashKind.PowerLosesAll;
            var computer = cluster.Computers[point.Who];
            if (point.Kind != CrashKind.Process) cluster.LosePower(computer);
            if (!_seen.Add(Convert.ToBase64String(cluster.StateOf(computer)))) return;
            States++;
            cluster.Oracle.RoundEnds(point.Who, well: false);
            CrashTimeline.GoOn(cluster, _turn);
            AfterEach(point, trace);
        }
        catch (Exception e)
        {
            Fail(CrashFailure.Of(point, trace, e));
        }
    }

    private void Fail(CrashFailure failure)
    {
        _failures++;
        failed(failure);
    }
}
