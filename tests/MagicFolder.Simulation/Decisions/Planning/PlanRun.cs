using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Simulation.Clocks;

namespace MagicFolder.Simulation.Decisions.Planning;

/// <summary>
/// One situation of a folder: what others made, what is recorded, what the user did, some of it after a part was applied. The product plans, <see cref="TinySweep"/> carries out, until
/// all is at rest; then every version must be visible and nothing left to do.
/// </summary>
internal sealed class PlanRun
{
    internal const int MostSteps = 10;
    private const int MostRounds = 12;

    private static readonly RelativePath[] Places =
    [
        .. new[] { "a", "a/b", "a/b/c", "A", "a/B", "d.txt", "d.conflict-p1.txt", "d.conflict-p2.txt", ".git/h", ".magic-folder/x", new string('n', 256) }.Select(RelativePath.Parse),
    ];

    private readonly RunScript _script;
    private readonly TinyFolder _folder;
    private readonly TinyUser _user;
    private readonly TinyOthers _others;
    private readonly RelativePath[] _places;
    private readonly int _steps;
    private long _round;
    private ulong _outcome;

    private PlanRun(RunScript script)
    {
        _script = script;
        var random = script.Beginning();
        _folder = new TinyFolder(folds: random.Chance(0.3));
        _user = new TinyUser(_folder, script);
        _others = new TinyOthers(_folder, script);
        _steps = 3 + random.Below(MostSteps - 2);
        // Around few paths more happens.
        int count = 1 + random.Below(4);
        int first = random.Below(Places.Length);
        _places = new RelativePath[count];
        for (int i = 0; i < count; i++) _places[i] = random.Chance(0.5) ? Places[(first + i) % Places.Length] : random.Pick(Places);
    }

    /// <summary>A number for what came out.</summary>
    /// <exception cref="DecisionFailure">A plan would lose something, hide something, or never end.</exception>
    public static ulong Run(RunScript script) => new PlanRun(script).Run();

    private ulong Run()
    {
        GuardChecks.Check(_script.Beginning());
        for (int i = 0; i < _steps; i++)
            if (_script.Step(i) is { } random) Take(random);
        var end = _script.End();
        ComeToRest(end);
        if (ResolveChecks.TryResolve(_folder, end, _script, NextDot())) ComeToRest(end);
        return _outcome;
    }

    private void Take(SeededRandom random)
    {
        switch (random.Below(10))
        {
            case < 4:
                _others.Change(random, _places);
                break;
            case < 7:
                _user.Act(random, _places);
                break;
            case < 9:
                Sweep(random);
                break;
            default:
                Capture();
                break;
        }
    }

    private int Sweep(SeededRandom random)
    {
        var sweep = new TinySweep(_folder, random, _script);
        sweep.Run();
        _outcome = _outcome * 1_000_003 + sweep.Outcome;
        return sweep.Done;
    }

    private int Capture()
    {
        var capture = new TinyCapture(_folder, NextDot(), _script);
        capture.Run();
        return capture.Done;
    }

    private Dot NextDot() => new(TinyOthers.Actor(9), ++_round);

    private void ComeToRest(SeededRandom random)
    {
        int rounds = 0;
        while (Capture() + Sweep(random) > 0)
            if (++rounds == MostRounds) throw new DecisionFailure("It never comes to rest: the same is planned again and again.");
        new RestChecks(_folder).Check();
    }
}
