using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Staging;
using MagicFolder.Sync.Reporting;

namespace MagicFolder.Sync.Applying;

/// <summary>
/// What a lost state left in staging. Most of it are downloads that were never put in place; but a file that was swapped out while a program had it open may be there, and
/// only the lost state could tell which. So nothing is removed: all of it is kept for the user to look at.
/// </summary>
internal static class FormerStaging
{
    private const int OwnerOnly = 0b111_000_000;

    /// <summary>To be called before there is a new identity, so that a crash here is followed by the same call.</summary>
    /// <param name="parts">The participant.</param>
    /// <param name="wasHere">Had the directory a marker? Without one nothing was ever put in place.</param>
    internal static void SetAside(EngineParts parts, bool wasHere)
    {
        var staging = new StagingArea(parts.Disk, () => throw new InvalidOperationException("Nothing is staged here."));
        var kept = StagingArea.Reserved.Child("recovered");
        int count = 0;
        // What the lost state had put in place must stay there: back on the stage after a power loss it would be something that nobody knows, with what its user has done to it since.
        if (wasHere) parts.Disk.FlushAll();
        foreach (var name in staging.List())
        {
            if (!StagingArea.Directory.TryChild(name.Name, out var place, out _)) continue;
            if (parts.Disk.Stat(kept) is null) parts.Disk.CreateDirectory(kept, OwnerOnly);
            parts.Disk.Move(place, kept.Child(name.Name), MoveKind.NoReplace);
            count++;
        }
        if (count == 0) return;
        // Before there is a new identity: after that, what is on the stage and in no journal goes.
        parts.Disk.Flush([kept, StagingArea.Reserved, StagingArea.Directory]);
        parts.State.Activity.Append(
            parts.Time.GetUtcNow().ToUnixTimeMilliseconds(), null, ActivityKinds.Recovered,
            $"{count} files that a lost state had in staging are kept in {kept}: look at them, then remove them");
    }
}
