using MagicFolder.Sync.Resolving;
using MagicFolder.Sync.Viewing;

namespace MagicFolder.Daemon.Api;

/// <summary>The conflicts of a folder, as a document.</summary>
public static class ConflictView
{
    public static ConflictsDocument Of(FolderView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return new ConflictsDocument(view.Folder.Name, view.Participant.Name, view.Participant.Path, [.. ConflictList.Of(view).Select(Of)]);
    }

    private static ConflictDocument Of(PathConflict conflict) => new(conflict.Path.ToString(), conflict.IsDirectoryImplied, [.. conflict.Siblings.Select(Of)]);

    private static SiblingDocument Of(ConflictSibling sibling) => new(
        sibling.Participant, Words.Kind(sibling.Value), sibling.Value.Size, Words.Modified(sibling.Value), sibling.File?.ToString(), sibling.IsMain);
}
