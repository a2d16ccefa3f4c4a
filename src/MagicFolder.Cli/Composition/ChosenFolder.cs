using MagicFolder.Cli.Output;
using MagicFolder.Grid;
using MagicFolder.Model.Paths;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Cli.Composition;

/// <summary>What the options and the path of a command mean: which folder, which participant acts, which path in it.</summary>
internal sealed record ChosenFolder(string State, FolderConfiguration Folder, LocalParticipant Participant, RelativePath? Path)
{
    /// <param name="stateOption">As given with <c>--state</c>.</param>
    /// <param name="asOption">As given with <c>--as</c>.</param>
    /// <param name="path">Relative to the folder, or a path of the file system inside a participant's directory; null where a command has none.</param>
    internal static ChosenFolder Choose(string? stateOption, string? asOption, string? path)
    {
        string? place = path is null ? null : PlaceOf(path);
        var (state, folder) = ChooseState(stateOption, place);
        if (folder.Participants.IsEmpty) throw new CommandException($"Nobody takes part in the folder of {state} yet; run 'magic-folder sync DIR DIR' first.");
        var named = asOption is null ? null : Named(folder, asOption);
        var inside = place is null ? null : folder.Participants.FirstOrDefault(p => Places.IsInside(place, p.Path));
        if (named is not null && inside is not null && named != inside)
            throw new UsageException($"{path} is in the directory of {inside.Name}; leave out --as {named.Name}, or give the path relative to the folder.");
        var participant = named ?? inside ?? folder.Participants[0];
        return new ChosenFolder(state, folder, participant, path is null ? null : RelativeTo(participant, inside is null || IsRelativeToFolder(participant, path, place!) ? path : place!, path));
    }

    /// <summary>Opens the storage of the folder, which has to be there.</summary>
    internal async Task<TahoeGrid> OpenGridAsync(CancellationToken cancel) => (await GridOpening.OpenAsync(Folder.Grid, mayCreate: false, cancel)).For(Folder.LeaseSecret.AsSpan());

    /// <summary>In a subdirectory of the folder a relative path means what is there; when nothing is, but something is in the folder's root, that.</summary>
    private static bool IsRelativeToFolder(LocalParticipant participant, string path, string place) =>
        !System.IO.Path.IsPathRooted(path) && path[0] != '.' && !System.IO.Path.Exists(place) && System.IO.Path.Exists(System.IO.Path.Combine(participant.Path, path));

    private static LocalParticipant Named(FolderConfiguration folder, string name) =>
        folder.Participants.FirstOrDefault(p => p.Name == name)
        ?? throw new UsageException($"Nobody is called {name} here; there are {string.Join(", ", folder.Participants.Select(p => p.Name))}.");

    private static (string State, FolderConfiguration Folder) ChooseState(string? option, string? place)
    {
        if (option is not null)
        {
            return FolderPlace.HasFolder(option)
                ? (option, FolderConfiguration.Load(option))
                : throw new CommandException($"There is no magic folder state in {option}; 'magic-folder sync' prints where it keeps it.");
        }
        var known = FolderPlace.All().ToArray();
        if (known.Length == 0) throw new CommandException("There is no magic folder yet; make one with 'magic-folder sync DIR DIR'.");
        if (known.Length == 1) return known[0];
        string here = Places.Real(".");
        var meant = known.Where(k => k.Folder.Participants.Any(p => Places.IsInside(place ?? here, p.Path))).ToArray();
        return meant.Length == 1
            ? meant[0]
            : throw new CommandException($"There are several magic folders; say which with --state: {string.Join(", ", known.Select(k => k.State))}");
    }

    /// <summary>Where in the file system a path points; a symbolic link as its last name is not followed, for it is what is meant.</summary>
    private static string PlaceOf(string path)
    {
        if (path.Length == 0) throw new UsageException("PATH is empty; give a path, or . for the whole folder.");
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        return System.IO.Path.GetDirectoryName(full) is { } parent ? System.IO.Path.Combine(Places.Real(parent), System.IO.Path.GetFileName(full)) : full;
    }

    private static RelativePath RelativeTo(LocalParticipant participant, string path, string given)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path, participant.Path));
        if (!Places.IsInside(full, participant.Path)) throw new UsageException($"{given} is outside of the folder; give a path relative to it, or one inside {participant.Path}.");
        string relative = System.IO.Path.GetRelativePath(participant.Path, full);
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
