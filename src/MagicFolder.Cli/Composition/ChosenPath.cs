using MagicFolder.Cli.Output;
using MagicFolder.Model.Paths;

namespace MagicFolder.Cli.Composition;

/// <summary>Which participant of a folder acts, where its directory is, and which path is meant.</summary>
internal sealed record ChosenPath(string Participant, string Directory, RelativePath? Path)
{
    /// <param name="participants">All that take part on this computer, by name, with their directories; one at least.</param>
    /// <param name="asOption">As given with <c>--as</c>.</param>
    /// <param name="path">Relative to the folder, or a path of the file system inside a participant's directory; null where a command has none.</param>
    internal static ChosenPath Choose(IReadOnlyList<(string Name, string Directory)> participants, string? asOption, string? path)
    {
        string? place = path is null ? null : PlaceOf(path);
        (string Name, string Directory)? named = asOption is null ? null : Named(participants, asOption);
        (string Name, string Directory)? inside = place is null ? null : participants.Where(one => Places.IsInside(place, one.Directory)).Cast<(string, string)?>().FirstOrDefault();
        if (named is { } given && inside is { } other && given != other)
            throw new UsageException($"{path} is in the directory of {other.Name}; leave out --as {given.Name}, or give the path relative to the folder.");
        var (name, directory) = named ?? inside ?? participants[0];
        return new ChosenPath(name, directory, path is null ? null : RelativeTo(directory, inside is null || IsRelativeToFolder(directory, path, place!) ? path : place!, path));
    }

    /// <summary>Where in the file system a path points; a symbolic link as its last name is not followed, for it is what is meant.</summary>
    internal static string PlaceOf(string path)
    {
        if (path.Length == 0) throw new UsageException("PATH is empty; give a path, or . for the whole folder.");
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        return System.IO.Path.GetDirectoryName(full) is { } parent ? System.IO.Path.Combine(Places.Real(parent), System.IO.Path.GetFileName(full)) : full;
    }

    /// <summary>In a subdirectory of the folder a relative path means what is there; when nothing is, but something is in the folder's root, that.</summary>
    private static bool IsRelativeToFolder(string directory, string path, string place) =>
        !System.IO.Path.IsPathRooted(path) && path[0] != '.' && !System.IO.Path.Exists(place) && System.IO.Path.Exists(System.IO.Path.Combine(directory, path));

    private static (string Name, string Directory) Named(IReadOnlyList<(string Name, string Directory)> participants, string name)
    {
        foreach (var one in participants) if (one.Name == name) return one;
        throw new UsageException($"Nobody is called {name} here; there are {string.Join(", ", participants.Select(one => one.Name))}.");
    }

    private static RelativePath RelativeTo(string directory, string path, string given)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path, directory));
        if (!Places.IsInside(full, directory)) throw new UsageException($"{given} is outside of the folder; give a path relative to it, or one inside {directory}.");
        string relative = System.IO.Path.GetRelativePath(directory, full);
        if (relative == ".") return RelativePath.Root;
        try
        {
            var parsed = RelativePath.Parse(relative.Replace(System.IO.Path.DirectorySeparatorChar, '/'));
            return parsed.IsReserved ? throw new UsageException($"{given} belongs to the program itself, not to the folder.") : parsed;
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"'{given}': {e.Message}");
        }
    }
}
