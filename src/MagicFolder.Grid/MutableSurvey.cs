using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Grid;

/// <summary>What all servers show of a mutable object. Shares stay open, since blocks of MDMF are read later; disposing closes them, and what was seen stays.</summary>
internal sealed class MutableSurvey : IAsyncDisposable
{
    private readonly OpenedShares _opened;

    private MutableSurvey(OpenedShares opened, List<SeenShare> shares, List<DamagedPlace> unreadable, MutableShareMap map, StorageIndex index) =>
        (_opened, Shares, Unreadable, Map, Index) = (opened, shares, unreadable, map, index);

    public StorageIndex Index { get; }

    public ServerRoll Roll => _opened.Roll;

    public IReadOnlyList<SeenShare> Shares { get; }

    /// <summary>Where something stands that cannot be read as a share.</summary>
    public IReadOnlyList<DamagedPlace> Unreadable { get; }

    public MutableShareMap Map { get; }

    public MutableVersionShares? Best => Map.Best;

    /// <summary>Somebody writes just now, or died while writing: what is there now may not be all.</summary>
    public bool IsUnsettled => Map.HasNewerUnrecoverable || (Best is null && Map.Versions.Count > 0);

    /// <summary>A share is there and not sound; not only that its server fails.</summary>
    public bool HasDamagedShares => Map.Troubles.Any(trouble => !IsServerTrouble(trouble));

    /// <summary>Every share that is there is sound, and of one version.</summary>
    public bool IsUniform => Map.Versions.Count == 1 && Map.Troubles.Count == 0 && Unreadable.Count == 0;

    /// <summary>Verifies the opened shares, which belong to the result from then on.</summary>
    /// <param name="opened">All shares.</param>
    /// <param name="cap">The object.</param>
    /// <param name="everyByte">Also all blocks.</param>
    /// <param name="cancel">Stops waiting.</param>
    public static async Task<MutableSurvey> TakeAsync(OpenedShares opened, MutableVerifyCap cap, bool everyByte, CancellationToken cancel)
    {
        try
        {
            var (shares, unreadable) = await LookAtAllAsync(opened, cancel);
            var map = await MutableShareMap.OpenAsync(shares.Select(share => new NumberedShare(share.Number, share)), cap, everyByte, cancel);
            foreach (var trouble in map.Troubles.Where(IsServerTrouble))
            {
                opened.Roll.Add(((SeenShare)trouble.Share.Source).Server, (GridException)trouble.Error);
            }

            return new MutableSurvey(opened, shares, unreadable, map, cap.StorageIndex);
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>What is wrong with a share; null if it is sound, as far as it was looked at.</summary>
    public Exception? TroubleOf(SeenShare share) => Map.Troubles.FirstOrDefault(trouble => ReferenceEquals(trouble.Share.Source, share))?.Error;

    /// <summary>Does this share belong to a version, and verify?</summary>
    public bool IsOf(SeenShare share, ReadOnlySpan<byte> checkstring) => share.BeginsWith(checkstring) && TroubleOf(share) is null;

    /// <summary>The content of the best version.</summary>
    /// <exception cref="GridException">There is none.</exception>
    public IMutableReader OpenBest(MutableReadCap cap)
    {
        try
        {
            return (Best ?? throw Unrecoverable()).OpenReader(cap);
        }
        catch (DamagedShareException e)
        {
            throw TooLittle(e);
        }
    }

    /// <summary>Why there is no best version.</summary>
    public GridException Unrecoverable()
    {
        if (Shares.Count == 0)
        {
            return _opened.Nothing();
        }

        try
        {
            Map.RequireBest();
        }
        catch (DamagedShareException e)
        {
            return TooLittle(e);
        }

        throw new InvalidOperationException("There is a best version.");
    }

    /// <summary>Why it could not be read after all.</summary>
    public GridException TooLittle(DamagedShareException damage) => _opened.TooLittle(damage);

    public ValueTask DisposeAsync() => _opened.DisposeAsync();

    private static bool IsServerTrouble(ShareTrouble trouble) => trouble.Error is GridException { Failure: not GridFailure.Damaged };

    private static async Task<(List<SeenShare> Shares, List<DamagedPlace> Unreadable)> LookAtAllAsync(OpenedShares opened, CancellationToken cancel)
    {
        var shares = new List<SeenShare>(opened.Shares.Count);
        var unreadable = opened.Damaged.ToList();
        foreach (var share in opened.Shares)
        {
            try
            {
                shares.Add(await SeenShare.LookAtAsync(share, cancel));
            }
            catch (GridException e) when (e.Failure == GridFailure.Damaged)
            {
                unreadable.Add(new DamagedPlace(share.Server, share.Number, e));
            }
            catch (GridException e)
            {
                opened.Roll.Add(share.Server, e);
            }
        }

        return (shares, unreadable);
    }
}
