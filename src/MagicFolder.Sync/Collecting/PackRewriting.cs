using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Repacking;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Sync.Collecting;

/// <summary>
/// The step of a collection before anything is freed: packs that are mostly dead, and small ones, are left by the heads of this computer (docs/decisions/0017-repacking.md). Frees nothing by itself. For one
/// collection.
/// </summary>
internal sealed class PackRewriting(FolderSession session, IReadOnlySet<StorageIndex> elsewhere)
{
    private readonly HashSet<PackRef> _left = [];
    private long _bytes;

    /// <summary>How many packs no head here refers to any more, or would; 0 when not all could be done.</summary>
    internal int Packs => Trouble is null ? _left.Count : 0;

    /// <summary>Bytes of what was needed of them.</summary>
    internal long Bytes => Trouble is null ? _bytes : 0;

    /// <summary>Heads were written anew, so what they refer to is to be read again.</summary>
    internal bool HasMoved { get; private set; }

    /// <summary>Why it could not be done, or not for all; null when it could.</summary>
    internal string? Trouble { get; private set; }

    internal async Task RunAsync(RetainedReferences retained, bool pretend, CancellationToken cancel)
    {
        var chosen = RepackDecision.Default.Choose([.. UsesOf(retained)]);
        if (chosen.Count == 0) return;
        _left.UnionWith(chosen.Select(use => use.Pack));
        _bytes = chosen.Sum(use => use.Live);
        if (pretend) return;
        var places = retained.Walk.Places.ToLookup(place => place.Id, place => place.Location);
        try
        {
            foreach (var participant in session.Participants) HasMoved |= await participant.Engine!.LeavePacksAsync(_left, id => places[id], cancel);
        }
        catch (Exception e) when (e is RefusedException or GridException or DamagedBytesException or SecondWriterException)
        {
            // A head of before is as good as one that was written anew, which this one may have been.
            Trouble = $"packs could not be rewritten: {e.Message.TrimEnd('.')}";
            HasMoved = true;
        }
    }

    /// <summary>Of the packs to which the heads here refer, what any head needs.</summary>
    private IEnumerable<PackUse> UsesOf(RetainedReferences retained)
    {
        var live = new Dictionary<PackRef, Dictionary<long, int>>();
        foreach (var (_, location) in retained.Walk.Places)
        {
            if (!live.TryGetValue(location.Pack, out var blobs)) live.Add(location.Pack, blobs = []);
            blobs[location.Offset] = location.StoredLength;
        }
        var lost = session.Participants.SelectMany(participant => participant.State!.Packs.AllLost()).ToHashSet();
        foreach (var (pack, blobs) in live)
        {
            if (retained.OwnPacks.Contains(pack) && !lost.Contains(pack) && Cap.TryParse(pack.Reveal(), out var parsed) && parsed is ChkCap cap && !elsewhere.Contains(cap.StorageIndex))
                yield return new PackUse(pack, cap.Size, blobs.Values.Sum(length => (long)length));
        }
    }
}
