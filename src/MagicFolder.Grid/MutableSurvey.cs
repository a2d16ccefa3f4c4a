using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Grid;

/// <summary>What all servers show of a mutable object. Everything is in memory; nothing stays open.</summary>
internal sealed class MutableSurvey
{
    private const int MaxShareOverhead = 64 * 1024;

    private readonly OpenedShares _opened;

    private MutableSurvey(OpenedShares opened, List<SeenShare> shares, List<DamagedPlace> unreadable, MutableVerifyCap cap)
    {
        (_opened, Shares, Unreadable, Index) = (opened, shares, unreadable, cap.StorageIndex);
        Map = SdmfShareMap.Of(shares.Select(share => new SdmfNumberedShare(share.Number, share.Bytes)), cap);
    }

    public StorageIndex Index { get; }

    public ServerRoll Roll => _opened.Roll;

    public IReadOnlyList<SeenShare> Shares { get; }

    /// <summary>Where something stands that cannot be read as a share.</summary>
    public IReadOnlyList<DamagedPlace> Unreadable { get; }

    public SdmfShareMap Map { get; }

    public SdmfVersionShares? Best => Map.Best;

    /// <summary>Somebody writes just now, or died while writing: what is there now may not be all.</summary>
    public bool IsUnsettled => Map.HasNewerUnrecoverable || (Best is null && Map.Versions.Count > 0);

    /// <summary>Reads the opened shares whole, and closes them.</summary>
    public static async Task<MutableSurvey> TakeAsync(OpenedShares opened, MutableVerifyCap cap, CancellationToken cancel)
    {
        await using var closing = opened;
        var shares = new List<SeenShare>(opened.Shares.Count);
        var unreadable = opened.Damaged.ToList();
        foreach (var (server, number, handle) in opened.Shares)
        {
            try
            {
                shares.Add(new SeenShare(server, number, await ReadWholeAsync(handle, number, cancel)));
            }
            catch (GridException e) when (e.Failure == GridFailure.Damaged)
            {
                unreadable.Add(new DamagedPlace(server, number, e));
            }
            catch (GridException e)
            {
                opened.Roll.Add(server, e);
            }
        }

        return new MutableSurvey(opened, shares, unreadable, cap);
    }

    /// <summary>Does this share belong to a version, and verify?</summary>
    public bool IsOf(SeenShare share, ReadOnlySpan<byte> checkstring) =>
        share.Bytes.Length >= checkstring.Length && share.Bytes.Span[..checkstring.Length].SequenceEqual(checkstring)
        && !Map.Troubles.Any(trouble => trouble.Share.Number == share.Number && trouble.Share.Bytes.Equals(share.Bytes));

    /// <summary>Why there is no best version.</summary>
    public GridException Unrecoverable(MutableReadCap cap)
    {
        if (Shares.Count == 0)
        {
            return _opened.Nothing();
        }

        try
        {
            SdmfReader.Read([.. Shares.Select(share => new SdmfNumberedShare(share.Number, share.Bytes))], cap);
        }
        catch (DamagedShareException e)
        {
            return _opened.TooLittle(e);
        }

        throw new InvalidOperationException("There is a best version.");
    }

    private static async Task<ReadOnlyMemory<byte>> ReadWholeAsync(IShareHandle handle, int number, CancellationToken cancel)
    {
        // Containers never shrink at other servers, so stale bytes may follow the share; far too many of them are an attack.
        if (handle.Length > SdmfPublisher.MaxContentLength + MaxShareOverhead)
        {
            throw new GridException(GridFailure.Damaged, $"Share {number} of a mutable object is longer than any can be.");
        }

        var share = new byte[handle.Length];
        await handle.ReadAsync(0, share, cancel);
        return share;
    }
}

/// <summary>A mutable share as a server shows it.</summary>
internal sealed record SeenShare(NamedServer Server, int Number, ReadOnlyMemory<byte> Bytes);
