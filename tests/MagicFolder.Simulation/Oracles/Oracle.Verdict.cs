namespace MagicFolder.Simulation.Oracles;

internal sealed partial class Oracle
{
    /// <summary>
    /// At quiescence every folder must show, for every path, exactly the versions that nothing follows. So a version that is missing was lost (or a conflict
    /// missed), and one too many is a false conflict or a deletion undone.
    /// </summary>
    public void CheckQuiescence()
    {
        var views = _folders.Select(folder => ByLogical(VisibleTree.Read(folder.Root))).ToList();
        var paths = views.SelectMany(view => view.Keys).Union(_byLogical.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var twins = FindTwins(views, paths);
        foreach (string logical in paths)
        {
            var events = At(logical);
            for (int participant = 0; participant < views.Count; participant++)
                CheckPath(participant, logical, events, [.. Here(views[participant], logical).Select(x => x.Value)], twins[participant].IsAmong(logical));
            CheckConverged(logical, events, [.. views.Where((_, participant) => !twins[participant].IsAmong(logical))]);
        }
    }

    /// <summary>Of names that a disk takes for one it can show only one. So there one of each such group has to be seen, and the others may be missing.</summary>
    private List<Twins> FindTwins(List<Dictionary<string, List<(string Place, string Value)>>> views, List<string> paths)
    {
        var alive = paths.FindAll(path => views.Exists(view => view.ContainsKey(path)) || At(path).Exists(e => e is { Value: not null, Weak: false, MayBeSuperseded: false }));
        var twins = _folders.Select(folder => new Twins(folder.FileSystem.Names, alive)).ToList();
        for (int participant = 0; participant < views.Count; participant++)
        {
            if (twins[participant].FindMissing(views[participant].Keys) is { } missing)
                throw Broken("no version lost", $"{Letter(participant)} shows none of {string.Join(", ", missing)}");
        }
        return twins;
    }

    private static List<(string Place, string Value)> Here(Dictionary<string, List<(string Place, string Value)>> view, string logical) =>
        view.TryGetValue(logical, out var here) ? here : [];

    private static Dictionary<string, List<(string Place, string Value)>> ByLogical(SortedDictionary<string, string> view)
    {
        var result = new Dictionary<string, List<(string, string)>>(StringComparer.Ordinal);
        foreach (var (place, value) in view)
        {
            string logical = VisibleTree.Logical(place);
            if (!result.TryGetValue(logical, out var here)) result.Add(logical, here = []);
            here.Add((place, value));
        }
        return result;
    }

    private void CheckPath(int participant, string logical, List<UserEvent> events, HashSet<string> present, bool mayBeHeldBack)
    {
        foreach (var made in events)
        {
            if (made.Value is null || made.Weak || made.MayBeSuperseded || present.Contains(made.Value) || mayBeHeldBack) continue;
            if (made.LocalOnly && made.Participant != participant) continue;
            if (made.IsLate && VisibleTree.Read(_folders[participant].Root).Any(shown => IsRescued(made, VisibleTree.Logical(shown.Key), shown.Value))) continue;
            if (events.Exists(e => e.Value == made.Value && e.Successors.Exists(s => s.By.LocalOnly && s.By.Participant == participant))) continue;
            throw Broken("no version lost", $"nothing follows {made}, but {Letter(participant)} does not show it; {Shows(logical, present)}");
        }
        foreach (string value in present)
        {
            var makers = events.FindAll(e => e.Value == value);
            if (makers.Count == 0)
            {
                // A directory may stand for what is in it.
                if (value == VisibleTree.Directory || _shownAgain.Contains((logical, value)) || _events.Exists(e => IsRescued(e, logical, value))) continue;
                throw Broken("nothing from nowhere", $"{Letter(participant)} shows at {logical} a value that no user made there: {value}");
            }
            if (value != VisibleTree.Directory && !mayBeHeldBack && makers.TrueForAll(e => e.IsSuperseded) && !_orphans.Contains((logical, value)))
                throw Broken(
                    present.Count > 1 ? "no false conflict" : "deletions stay",
                    $"{string.Join("; ", makers)}: followed by {string.Join("; ", makers.SelectMany(e => e.Successors).Select(s => s.By))}, "
                    + $"but {Letter(participant)} still shows it; {Shows(logical, present)}");
        }
    }

    private static bool IsRescued(UserEvent made, string logical, string value) =>
        made.IsLate && made.Value == value && string.Equals(Path.GetFileName(made.Logical), Path.GetFileName(logical), StringComparison.Ordinal);

    private static string Shows(string logical, IEnumerable<string> present) => $"{logical} shows {{{string.Join(", ", present)}}}";

    private void CheckConverged(string logical, List<UserEvent> events, List<Dictionary<string, List<(string Place, string Value)>>> views)
    {
        // An edited conflict file is on one disk only, and hides there what it was made from.
        var local = events.Where(e => e.LocalOnly || e.Successors.Exists(s => s.By.LocalOnly)).Select(e => e.Value).ToHashSet(StringComparer.Ordinal);
        if (views.Count == 0) return;
        var first = Compared(views[0]);
        foreach (var view in views.Skip(1))
        {
            var other = Compared(view);
            bool same = first.Values.SequenceEqual(other.Values, StringComparer.Ordinal)
                && (first.Values.Count != 1 || local.Count > 0 || first.Places.SequenceEqual(other.Places, StringComparer.Ordinal));
            if (!same)
                throw Broken("convergence", $"at {logical} one has {Describe(first)}, another has {Describe(other)}");
        }

        (List<string> Values, List<string> Places) Compared(Dictionary<string, List<(string Place, string Value)>> view)
        {
            var here = Here(view, logical).FindAll(x => !local.Contains(x.Value));
            return ([.. here.Select(x => x.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], [.. here.Select(x => x.Place)]);
        }

        static string Describe((List<string> Values, List<string> Places) side) =>
            $"{{{string.Join(", ", side.Values)}}} in {{{string.Join(", ", side.Places)}}}";
    }
}
