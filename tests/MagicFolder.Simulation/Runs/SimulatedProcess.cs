namespace MagicFolder.Simulation.Runs;

/// <summary>A running program on a simulated computer. Every call it makes to the outside is a step, at which it may die; a dead one makes no more steps.</summary>
internal sealed class SimulatedProcess(Action<SimulatedProcess, string> onStep)
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

    /// <summary>The process ends between two steps.</summary>
    public void End() => IsDead = true;
}
