using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Framing;

namespace MagicFolder.Snapshots.Packing;

/// <summary>
/// Looks whether blobs really lie where others say, before they are relied on in place of storing them: a claim may be false, and whoever asks may be the only
/// one who has the blob (docs/decisions/0011). Each place is read once; then the catalog knows.
/// </summary>
internal sealed class ClaimChecker(BlobReader blobs, IBlobCatalog catalog)
{
    /// <summary>Places tried for one blob. With more claims than this, storing it once more is cheaper than finding the true one.</summary>
    private const int MaxTries = 2;

    /// <summary>True when the blob is now confirmed at some place. Trouble of any kind is no reason to rely on it.</summary>
    public async ValueTask<bool> ConfirmAsync(BlobId id, CancellationToken cancel)
    {
        foreach (var location in catalog.Find(id).Where(place => !place.Encoding.IsFramed()).Take(MaxTries))
        {
            try
            {
                using var bytes = await blobs.ReadAtAsync(id, location, cancel);
                return true;
            }
            catch (Exception e) when (e is GridException or DamagedBytesException)
            {
                // It counts as not stored, and so it is stored.
            }
        }
        return false;
    }

    /// <summary>The same for a blob with a table, each place of which has to be confirmed already: what it refers to is looked at before it.</summary>
    public async ValueTask<bool> ConfirmFramedAsync(BlobId id, Reference[] references, CancellationToken cancel)
    {
        foreach (var location in catalog.Find(id).Where(place => place.Encoding.IsFramed()).Take(MaxTries))
        {
            try
            {
                var blob = await blobs.ReadFramedAtAsync(id, location, cancel);
                if (!await IsTrueAsync(blob, references, cancel)) continue;
                catalog.Confirm(id, location);
                return true;
            }
            catch (Exception e) when (e is GridException or DamagedBytesException)
            {
                // As above.
            }
        }
        return false;
    }

    private async ValueTask<bool> IsTrueAsync(FramedBlob blob, IReadOnlyList<Reference> references, CancellationToken cancel)
    {
        var places = LocationTable.Decode(blob.Table, references.Count, blob.Location.Pack);
        for (int i = 0; i < places.Length; i++)
        {
            var (location, list) = places[i];
            if (location is not { } place) return false;
            if (list is null ? !catalog.IsConfirmed(references[i].Id, place) : !await IsTrueListAsync(references[i].Id, list.Value, place, cancel)) return false;
        }
        return true;
    }

    /// <summary>The list that a content was read through is known to be its own; whether its table is true is looked at only here, where somebody would rely on it.</summary>
    private async ValueTask<bool> IsTrueListAsync(BlobId? content, BlobId list, BlobLocation place, CancellationToken cancel)
    {
        if (content is { } whole && !catalog.IsConfirmedChunkList(whole, list)) return false;
        if (catalog.IsConfirmed(list, place)) return true;
        if (!place.Encoding.IsFramed()) return false;
        var blob = await blobs.ReadFramedAtAsync(list, place, cancel);
        var decoded = ChunkList.Decode(blob.Named);
        var places = LocationTable.Decode(blob.Table, decoded.Parts.Length, place.Pack);
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i] is not { Location: { } part, List: null }) return false;
            var id = decoded.Parts[i].Id;
            if (decoded.Level == 0 ? !catalog.IsConfirmed(id, part) : !await IsTrueListAsync(null, id, part, cancel)) return false;
        }
        catalog.Confirm(list, place);
        return true;
    }
}
