using System.Text;
using MagicFolder.Soak.Running;

namespace MagicFolder.Soak.Oracles;

/// <summary>
/// Edits made while nothing runs, after all were the same: who had what in front of them is known to the last byte, and so is which versions have to stand at each path, no
/// more and no fewer.
/// </summary>
internal sealed class ExactConflicts(Places places, Ledger ledger, Random random)
{
    private const int NewPaths = 12;

    private readonly Dictionary<string, HashSet<string>> _expected = new(StringComparer.Ordinal);
    private string _area = "";
    private int _next;

    /// <summary>Paths at which more than one version had to stand.</summary>
    internal int Conflicts { get; private set; }

    internal int Checks { get; private set; }

    /// <summary>New paths, each by some of the users.</summary>
    internal void Create()
    {
        _expected.Clear();
        _area = $"exact {_next++}";
        foreach (string path in Enumerable.Range(0, NewPaths).Select(i => $"{_area}/{i}")) _expected.Add(path, WriteBySome(path, most: places.Folders.Count));
    }

    /// <summary>What all have the same by now is edited, deleted and decided.</summary>
    internal void Edit()
    {
        foreach (var (path, versions) in _expected.ToArray()) _expected[path] = versions.Count > 1 ? Decide(path, versions) : EditSettled(path, versions);
    }

    /// <exception cref="SoakFailure">There is a version too many or too few.</exception>
    internal void Check()
    {
        foreach (string folder in places.Folders)
        {
            foreach (var (path, expected) in _expected)
            {
                Checks++;
                string[] found = [.. Standing(folder, path).Select(file => FolderTree.ValueAt(Path.Combine(folder, file)) ?? "a directory")];
                if (found.Length == expected.Count && expected.SetEquals(found)) continue;
                throw new SoakFailure($"conflicts are the true ones: {folder} shows {{{string.Join(", ", found)}}} at {path}, and not {{{string.Join(", ", expected)}}}");
            }
        }
        Conflicts += _expected.Values.Count(versions => versions.Count > 1);
    }

    private HashSet<string> EditSettled(string path, HashSet<string> versions)
    {
        switch (random.Next(6))
        {
            case 0:
                return versions;
            case 1:
                foreach (int user in Some(random.Next(1, 3))) Delete(user, path, "deletes alone");
                return [];
            case 2:
                // The edit survives.
                int[] two = Some(2);
                Delete(two[0], path, "deletes alone");
                return [Write(two[1], path, $"{Places.Names[two[1]]} {_next++}\n")];
            case 3:
                return WriteBySome(path, most: 1);
            default:
                return WriteBySome(path, most: places.Folders.Count);
        }
    }

    /// <summary>Nobody does anything, or one keeps what is in place there.</summary>
    private HashSet<string> Decide(string path, HashSet<string> versions)
    {
        if (random.Next(2) == 0) return versions;
        int user = Some(1)[0];
        foreach (string file in Standing(places.Folders[user], path).Where(LogicalNames.IsConflict)) Delete(user, file, "decides alone against");
        return [FolderTree.ValueAt(Path.Combine(places.Folders[user], path))!];
    }

    /// <summary>Sometimes several write the same.</summary>
    private HashSet<string> WriteBySome(string path, int most)
    {
        string agreed = $"agreed {_next++}\n";
        return [.. Some(random.Next(1, most + 1)).Select(user => Write(user, path, random.Next(3) == 0 ? agreed : $"{Places.Names[user]} {_next++}\n"))];
    }

    private int[] Some(int count) => [.. Enumerable.Range(0, places.Folders.Count).OrderBy(_ => random.Next()).Take(count)];

    private string Write(int user, string path, string content)
    {
        string place = Path.Combine(places.Folders[user], path), value = Values.OfFile(Encoding.UTF8.GetBytes(content));
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        ledger.WillWrite(value);
        string? had = FolderTree.ValueAt(place);
        File.WriteAllText(place, content);
        ledger.Record(user, "writes alone", path, had, value);
        return value;
    }

    private void Delete(int user, string path, string what)
    {
        string place = Path.Combine(places.Folders[user], path);
        ledger.Record(user, what, path, FolderTree.ValueAt(place), null);
        File.Delete(place);
    }

    /// <summary>The file at a path and those beside it, relative to the folder.</summary>
    private static IEnumerable<string> Standing(string folder, string path)
    {
        string directory = Path.GetDirectoryName(path)!;
        return Directory.Exists(Path.Combine(folder, directory))
            ? Directory.EnumerateFileSystemEntries(Path.Combine(folder, directory)).Select(entry => $"{directory}/{Path.GetFileName(entry)}").Where(entry => LogicalNames.Of(entry) == path)
            : [];
    }
}
