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
        var (state, folder) = ChooseState(stateOption, path);
        if (folder.Participants.IsEmpty) throw new CommandException($"Nobody takes part in the folder of {state} yet; run 'magic-folder sync DIR DIR' first.");
        var chosen = ChosenPath.Choose([.. folder.Participants.Select(one => (one.Name, one.Path))], asOption, path);
        return new ChosenFolder(state, folder, folder.Participants.First(one => one.Name == chosen.Participant), chosen.Path);
    }

    /// <summary>Opens the storage of the folder, which has to be there.</summary>
    internal async Task<TahoeGrid> OpenGridAsync(CancellationToken cancel) => (await GridOpening.OpenAsync(Folder.Grid, mayCreate: false, cancel)).For(Folder.LeaseSecret.AsSpan());

    private static (string State, FolderConfiguration Folder) ChooseState(string? option, string? path)
    {
        if (option is not null)
        {
            return FolderPlace.HasFolder(option)
                ? (option, FolderConfiguration.Load(option))
                : throw new CommandException($"There is no magic folder state in {option}; 'magic-folder sync' prints where it keeps it.");
        }
        var known = KnownFolders.Choose(path);
        return (known.State, known.Folder);
    }
}
