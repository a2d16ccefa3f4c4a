namespace MagicFolder.Simulation.Runs;

/// <summary>A running program on a simulated computer. Every call it makes to the outside is a step, at which it may die; a dead one makes no more steps.</summary>
/// <param name="onStep">Called before every call to the disk or the grid. May let the process die.</param>
/// <param name="diesAtCommit">Called before every commit of the state database. Inside of it nothing else may happen: the database is in the middle of its work.</param>
internal sealed class SimulatedProcess(Action<SimulatedProcess, string> onStep, Func<bool> diesAtCommit)
{
    public bool IsDead { get; private set; }

    public void Step(string what)
    {
        if (IsDead) throw new SimulatedCrash("(already dead) " + what);
        onStep(this, what);
    }

    public void Die(string where)
    {
        IsDead = true;
        throw new SimulatedCrash(where);
    }

    /// <summary>A commit that its process does not live to see done has not happened.</summary>
    public bool MayCommit()
    {
        IsDead |= !IsDead && diesAtCommit();
        return !IsDead;
    }

    /// <summary>The process ends between two steps.</summary>
    public void End() => IsDead = true;
}
