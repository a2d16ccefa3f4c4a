using MagicFolder.Cli.Output;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Cli.Composition;

/// <summary>A folder of this user.</summary>
/// <param name="State">Its state directory.</param>
/// <param name="Folder">As it is saved there.</param>
/// <param name="IsOfDaemon">It is one of the daemon, not of <c>sync</c>.</param>
internal sealed record KnownFolder(string State, FolderConfiguration Folder, bool IsOfDaemon);

/// <summary>The folders that a command may be about when no option says which: those of <c>sync</c> and of the daemon, where they are by default.</summary>
internal static class KnownFolders
{
    /// <summary>The only one there is, or the one with what is meant in a directory of it.</summary>
    /// <param name="path">As given; null for the current directory.</param>
    /// <exception cref="CommandException">There is none, or several may be meant.</exception>
    internal static KnownFolder Choose(string? path)
    {
        var known = All();
        if (known.Length == 0) throw new CommandException("There is no magic folder yet; make one with 'magic-folder sync DIR DIR', or with 'magic-folder add' for the daemon.");
        if (known.Length == 1) return known[0];
        string place = path is null ? Places.Real(".") : ChosenPath.PlaceOf(path);
        var meant = known.Where(one => one.Folder.Participants.Any(participant => Places.IsInside(place, participant.Path))).ToArray();
        return meant.Length == 1 ? meant[0] : throw new CommandException($"There are several magic folders; say which {string.Join(", or ", Ways(known))}");
    }

    /// <summary>The same, if it is one of the daemon.</summary>
    internal static KnownFolder? FindOfDaemon(string? path)
    {
        if (!OfDaemon().Any()) return null;
        var chosen = Choose(path);
        return chosen.IsOfDaemon ? chosen : null;
    }

    private static KnownFolder[] All() => [.. FolderPlace.All().Select(one => new KnownFolder(one.State, one.Folder, IsOfDaemon: false)), .. OfDaemon()];

    private static IEnumerable<KnownFolder> OfDaemon() =>
        FolderPlace.States(ConfigurationChoice.Of(null).Folders).Select(state => new KnownFolder(state, FolderConfiguration.Load(state), IsOfDaemon: true));

    private static IEnumerable<string> Ways(KnownFolder[] known)
    {
        string[] names = [.. known.Where(one => one.IsOfDaemon).Select(one => one.Folder.Name).Order(StringComparer.Ordinal)];
        string[] states = [.. known.Where(one => !one.IsOfDaemon).Select(one => one.State)];
        if (names.Length > 0) yield return $"with --folder, of the daemon: {string.Join(", ", names)}";
        if (states.Length > 0) yield return $"with --state: {string.Join(", ", states)}";
    }
}
