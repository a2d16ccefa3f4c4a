using MagicFolder.Simulation.Disks;

namespace MagicFolder.Simulation.Oracles;

internal sealed partial class Oracle
{
    /// <summary>Lets a user act on the folder, and derives the events from what the folder shows before and after.</summary>
    public void Act(int participant, Action action)
    {
        var root = _folders[participant].Root;
        // Where these are, their user sees.
        foreach (var (_, inode) in VisibleTree.Walk(root)) _watches[participant].See(inode);
        var before = VisibleTree.Read(root);
        var times = TimesOfFirstRound(participant);
        if (_folders[participant].FileSystem.Cache is { } cache) cache.WriteThrough(action);
        else action();
        var after = VisibleTree.Read(root);
        var timesAfter = TimesOfFirstRound(participant);
        foreach (string place in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            string? had = before.GetValueOrDefault(place), has = after.GetValueOrDefault(place);
            if (!string.Equals(had, has, StringComparison.Ordinal))
            {
                string? stays = has is null && VisibleTree.IsConflictName(place) ? Stays(before, after, VisibleTree.Logical(place)) : null;
                // The second of two equal files: whether anything was decided against, only the engine knows.
                bool isSecond = stays is not null && stays == had;
                var made = Record(participant, place, VisibleTree.Logical(place), had, has, limbo: false, isSecond);
                if (stays is not null && !isSecond) Decide(made, stays);
            }
            else if (times is not null && has is not null && times[place] != timesAfter![place]) _orphans.Add((VisibleTree.Logical(place), has));
        }
    }

    /// <summary>What stands at a place and was not touched; a directory may be there only for what is in it.</summary>
    private static string? Stays(SortedDictionary<string, string> before, SortedDictionary<string, string> after, string place) =>
        after.GetValueOrDefault(place) is { } value && value != VisibleTree.Directory && value == before.GetValueOrDefault(place) ? value : null;

    /// <summary>
    /// While a new state has its first round: what changes under its eyes, if only in its time, it cannot read then, and later takes for a new file.
    /// </summary>
    private Dictionary<string, long>? TimesOfFirstRound(int participant) => _watches[participant] is { Unrecovered: true, InRound: true }
        ? VisibleTree.Walk(_folders[participant].Root).ToDictionary(item => item.Path, item => item.Inode.CtimeNs, StringComparer.Ordinal)
        : null;

    /// <summary>
    /// A user writes through a handle kept open. When the engine has meanwhile taken the file out of its place, the place shows nothing of it, but what was
    /// written is a version all the same.
    /// </summary>
    /// <param name="participant">Whose user.</param>
    /// <param name="lastPlace">Where its user last knew it to be.</param>
    /// <param name="file">The file.</param>
    /// <param name="abandoned">The user has removed or replaced that file themselves, so that nobody will ever miss what is written now.</param>
    /// <param name="action">The writing.</param>
    public void ActOnOpenFile(int participant, string lastPlace, MemoryInode file, bool abandoned, Action action)
    {
        string had = VisibleTree.ValueOf(file);
        bool visible = Sees(participant, file);
        // A file that moved elsewhere, and then had to go, comes back beside where it went from.
        string place = _watches[participant].Placed.GetValueOrDefault(file, lastPlace);
        Act(participant, action);
        string has = VisibleTree.ValueOf(file);
        if (visible || abandoned || string.Equals(had, has, StringComparison.Ordinal)) return;
        var made = Record(participant, place, VisibleTree.Logical(place), had, has, limbo: true);
        var late = _watches[participant].Late;
        if (!late.TryGetValue(file, out var known)) late.Add(file, known = (had, []));
        known.Written.Add(made);
    }

    /// <summary>Nothing stood there, or only what this user had put there since the engine last looked.</summary>
    private bool IsNewToTheEngine(int participant, string place, string? had) =>
        had is null || (_watches[participant].Last.GetValueOrDefault(place) is { IsCreation: true, Settled: false } last && last.Value == had);

    /// <summary>
    /// A file that appears with the content of a version counts as that version (docs/decisions/0008): so of equal contents
    /// that two users create at one place, either may rightly have no life of its own. So it is with a conflict file that is edited to be such a version.
    /// </summary>
    private void MarkTwins(UserEvent made)
    {
        if (made.Value is null) return;
        foreach (var twin in At(made.Logical).Where(e => e.Participant != made.Participant && e.Value == made.Value))
        {
            made.Weak |= made.IsCreation;
            twin.Weak |= (twin.IsCreation || twin.LocalOnly) && !twin.Settled;
        }
    }

    public bool Sees(int participant, MemoryInode file) => PlaceOf(participant, file) is not null;

    public string? PlaceOf(int participant, MemoryInode file) =>
        VisibleTree.Walk(_folders[participant].Root).FirstOrDefault(item => ReferenceEquals(item.Inode, file)).Path;

    private UserEvent Record(int participant, string place, string logical, string? had, string? has, bool limbo, bool isSecond = false)
    {
        var watch = _watches[participant];
        bool race = limbo || watch.Unrecovered || watch.IsTouched(place);
        if (!watch.Shown.TryGetValue(place, out var shown)) watch.Shown.Add(place, shown = new(StringComparer.Ordinal));
        if (had is not null) shown.Add(had);
        // What is removed and made anew before the engine has looked is edited, to the engine.
        bool editsConflictFile = has is not null && shown.Count > 0 && VisibleTree.IsConflictName(place);
        var made = new UserEvent(_events.Count, participant, place, logical, has)
        {
            LocalOnly = editsConflictFile,
            IsLate = limbo,
            IsCreation = has is not null && (watch.Unrecovered || IsNewToTheEngine(participant, place, had)),
            Weak = has is not null && ((!limbo && shown.Contains(has)) || (race && At(logical).Exists(e => e.Value == has))),
        };
        if (has is not null) shown.Add(has);
        MarkTwins(made);
        made.Weak |= limbo && watch.HasLostState;
        _events.Add(made);
        if (!_byLogical.TryGetValue(logical, out var here)) _byLogical.Add(logical, here = []);
        if (has is not null) _written.Add(has[1..]);

        // What was in front of the user.
        if (had is not null)
        {
            var candidates = here.FindAll(e => e.Value == had && watch.Known.Contains(e));
            var own = watch.Last.GetValueOrDefault(place);
            foreach (var earlier in candidates)
            {
                bool certain = !race && !editsConflictFile && !isSecond && IsInFront(watch, earlier, candidates, own);
                earlier.Successors.Add(new Succession(made, certain));
            }
        }
        if (editsConflictFile)
        {
            foreach (var decision in here.FindAll(e => e.DecidedAt == place && e.Participant == participant && !e.Settled)) Doubt(decision);
            foreach (var earlier in here.FindAll(e => e.Value is { } value && value != had && value != has && shown.Contains(value) && watch.Known.Contains(e)))
            {
                // To the engine, what removed it meanwhile never happened.
                foreach (var succession in earlier.Successors.Where(s => s.By.Place == place && !s.By.Settled)) succession.Certain = false;
                earlier.Successors.Add(new Succession(made, certain: false));
            }
        }
        // A file that was rescued may stand beside another path than the one that it was written for.
        if (had is not null)
            foreach (var late in _events.Where(e => e.Logical != logical && IsRescued(e, logical, had))) late.Successors.Add(new Succession(made, certain: false));
        here.Add(made);
        watch.Known.Add(made);
        // What is written to a file that is out of its place changes nothing there.
        if (!limbo) watch.Last[place] = made;
        if (watch.InRound) watch.Disturbed.Add(logical);
        _trace($"    {Letter(participant)} user {made}{(had is null ? "" : $"  (was {had})")}{(race ? " race" : "")}{(made.Weak ? " weak" : "")}");
        return made;
    }
}
