using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation.Crashes;

/// <summary>What the program of the other computer does when one crashes.</summary>
internal enum OtherProgram
{
    /// <summary>It goes on.</summary>
    GoesOn,

    /// <summary>It ends between two of its rounds and is started again, as in a copy of that moment (<see cref="CrashSweep"/>).</summary>
    StartsAnew,
}

/// <summary>One workload with one crash, from the beginning to the verdict.</summary>
internal sealed class CrashRun : IDisposable
{
    private readonly CrashPoint _point;
    private readonly OtherProgram _other;
    private readonly CrashTimeline _timeline;
    private bool _hasCrashed;

    private CrashRun(CrashPoint point, OtherProgram other, Trace trace)
    {
        _point = point;
        _other = other;
        _timeline = new CrashTimeline(point.Workload, trace) { AtStep = DiesAt, AfterTurn = AfterTurn };
        _timeline.Cluster.IsPowerLoss = _ => point.Kind != CrashKind.Process;
        _timeline.Cluster.LosesAll = point.Kind == CrashKind.PowerLosesAll;
    }

    /// <returns>How many steps <see cref="CrashPoint.Who"/> had: with a point beyond them nothing crashed.</returns>
    /// <exception cref="CrashFailure">A promise was broken or the engine failed.</exception>
    public static int Run(CrashPoint point, OtherProgram other, Trace trace)
    {
        try
        {
            using var run = new CrashRun(point, other, trace);
            run._timeline.Run();
            return run._timeline.Steps[point.Who];
        }
        catch (Exception e)
        {
            throw CrashFailure.Of(point, trace, e);
        }
    }

    public void Dispose() => _timeline.Dispose();

    private bool DiesAt(SimulatedComputer computer, int step)
    {
        if (_hasCrashed || computer.Index != _point.Who || step != _point.Step) return false;
        _timeline.Cluster.RestartChance(_point.Seed);
        return _hasCrashed = true;
    }

    private void AfterTurn()
    {
        if (!_hasCrashed || _other == OtherProgram.GoesOn) return;
        _timeline.Cluster.EndPrograms();
        _timeline.AfterTurn = () => { };
    }
}
