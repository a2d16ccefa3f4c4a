using MagicFolder.Soak.Running;

namespace MagicFolder.Soak.Oracles;

/// <summary>Judges the folders at rest by what users did.</summary>
internal sealed class Verdict(Places places, Ledger ledger)
{
    internal int Checks { get; private set; }

    /// <summary>Conflict files seen at the checks.</summary>
    internal int Conflicts { get; private set; }

    /// <summary>Versions that had been replaced where they stood and yet are there: kept twice rather than lost.</summary>
    internal int KeptThoughReplaced { get; private set; }

    /// <exception cref="SoakFailure">A promise was broken.</exception>
    internal void Check()
    {
        var trees = places.Folders.Select(FolderTree.Read).ToArray();
        CheckNothingIsLost(trees);
        CheckNothingFromNowhere(trees);
        CheckTheSame(trees);
        CheckStaging();
        CheckNeighbour();
        Conflicts += trees.Sum(tree => tree.Keys.Count(LogicalNames.IsConflict));
        KeptThoughReplaced += trees[0].Values.OfType<string>().Distinct(StringComparer.Ordinal).Count(value => value != Values.Empty && ledger.IsGone(value));
    }

    private void CheckNothingIsLost(SortedDictionary<string, string?>[] trees)
    {
        var present = trees.Select(tree => tree.Values.OfType<string>().ToHashSet(StringComparer.Ordinal)).ToArray();
        foreach (var (logical, value, onlyIn, by) in ledger.Live())
        {
            for (int folder = 0; folder < trees.Length; folder++)
            {
                if ((onlyIn is { } only && only != folder) || ledger.IsHidden(folder, value)) continue;
                Checks++;
                if (!present[folder].Contains(value))
                    throw new SoakFailure($"no version is lost: nobody who had it in front of them replaced {value} of {logical} ({by}), but {Places.Names[folder]} does not have it");
            }
        }
    }

    private void CheckNothingFromNowhere(SortedDictionary<string, string?>[] trees)
    {
        for (int folder = 0; folder < trees.Length; folder++)
        {
            foreach (var (path, value) in trees[folder])
            {
                Checks++;
                if (value is not null && !ledger.IsWritten(value)) throw new SoakFailure($"no partial file: {Places.Names[folder]} shows {value} at {path}, which no user wrote");
            }
        }
    }

    private void CheckTheSame(SortedDictionary<string, string?>[] trees)
    {
        var local = ledger.Local();
        var views = trees.Select(tree => View(tree, local)).ToArray();
        for (int folder = 1; folder < trees.Length; folder++)
        {
            Checks++;
            if (views[folder].SetEquals(views[0])) continue;
            string here = string.Join(", ", views[0].Except(views[folder]).Order(StringComparer.Ordinal).Take(5));
            string there = string.Join(", ", views[folder].Except(views[0]).Order(StringComparer.Ordinal).Take(5));
            throw new SoakFailure($"all become the same: only {Places.Names[0]} has {{{here}}}, only {Places.Names[folder]} has {{{there}}}");
        }
    }

    /// <summary>The versions of every path. Directories that stand only for local things are left out of account.</summary>
    private static HashSet<string> View(SortedDictionary<string, string?> tree, HashSet<string> local)
    {
        var view = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, value) in tree)
        {
            if (value is not null && !local.Contains(value)) view.Add($"{LogicalNames.Of(path)} = {value}");
            if (value is not null) continue;
            string below = path + "/";
            string[] inside = [.. tree.Where(pair => pair.Value is not null && pair.Key.StartsWith(below, StringComparison.Ordinal)).Select(pair => pair.Value!)];
            if (inside.Length == 0 || !Array.TrueForAll(inside, local.Contains)) view.Add($"{LogicalNames.Of(path)}/");
        }
        return view;
    }

    private void CheckStaging()
    {
        foreach (string folder in places.Folders)
        {
            Checks++;
            string staging = Path.Combine(folder, ".magic-folder", "staging");
            if (Directory.EnumerateFileSystemEntries(staging).FirstOrDefault() is { } left) throw new SoakFailure($"nothing stays in staging: {left} does");
        }
    }

    private void CheckNeighbour()
    {
        string[] expected = [.. Enumerable.Range(0, 5).Select(i => $"file {i}")];
        Checks++;
        if (!Directory.EnumerateFileSystemEntries(places.Neighbour).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).SequenceEqual(expected, StringComparer.Ordinal)
            || !Array.TrueForAll(expected, name => File.ReadAllText(Path.Combine(places.Neighbour, name)) == $"belongs to somebody else {name[^1]}"))
            throw new SoakFailure("nothing outside is touched: the neighbour's files are");
    }
}
