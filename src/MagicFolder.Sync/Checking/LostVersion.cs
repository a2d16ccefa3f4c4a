using MagicFolder.Model.Paths;
using MagicFolder.Sync.History;

namespace MagicFolder.Sync.Checking;

/// <summary>A version of a file whose content the grid does not have any more, as <c>history</c> lists it.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Version">Which version of it.</param>
/// <param name="IsOnDisk">The content still stands in the directory of the acting participant, unchanged as far as its record tells.</param>
/// <param name="Reason">Why it cannot be read.</param>
public sealed record LostVersion(RelativePath Path, PathVersion Version, bool IsOnDisk, string Reason);
