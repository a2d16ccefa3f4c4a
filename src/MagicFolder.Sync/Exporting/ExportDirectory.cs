using System.Globalization;
using MagicFolder.Model.Snapshots;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;

namespace MagicFolder.Sync.Exporting;

/// <summary>
/// The mutable directory in which a participant shows its snapshots, named as in the backups of Tahoe-LAFS: <c>Latest</c> is the newest, <c>Archives</c> holds all by their time. Both change in one
/// write. What else somebody has put into the directory stays. Pure.
/// </summary>
internal static class ExportDirectory
{
    internal static readonly ChildName Latest = ChildName.From("Latest");
    internal static readonly ChildName Archives = ChildName.From("Archives");
    internal static readonly ChildName Content = ChildName.From("content");
    internal static readonly ChildName Metadata = ChildName.From("metadata");

    /// <summary>The archive with a snapshot more; the same if it has that snapshot already.</summary>
    internal static DirectoryTable Archive(DirectoryTable archives, DirectoryCap snapshot, long timeMs, long seq)
    {
        if (archives.Children.Any(child => snapshot.Equals(child.Caps.Read))) return archives;
        string time = UnixTime.ToUtc(timeMs).ToString("yyyy-MM-dd'_'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var name = ChildName.From(time);
        // Clocks go back, and twice a second is possible.
        if (archives.Find(name) is not null) name = ChildName.From($"{time} {seq.ToString(CultureInfo.InvariantCulture)}");
        for (int again = 2; archives.Find(name) is not null; again++) name = ChildName.From($"{time} {seq.ToString(CultureInfo.InvariantCulture)}-{again.ToString(CultureInfo.InvariantCulture)}");
        return archives.With(new DirectoryChild(name, ChildCaps.Of(snapshot), ChildMetadata.Empty));
    }

    internal static DirectoryTable Show(DirectoryTable directory, DirectoryCap snapshot, DirectoryCap archives, DateTimeOffset now) =>
        directory.Link(Latest, ChildCaps.Of(snapshot), metadata: null, now).Link(Archives, ChildCaps.Of(archives), metadata: null, now);

    /// <summary>The child, if it is an immutable directory.</summary>
    internal static DirectoryCap? ImmutableChild(DirectoryTable directory, ChildName name) =>
        directory.Find(name)?.Caps.Read is DirectoryCap { Inner: ImmutableCap } found ? found : null;
}
