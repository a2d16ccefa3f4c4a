using MagicFolder.Grid.Placement;
using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Grid;

public sealed partial class TahoeGrid
{
    /// <summary>Uploads an immutable file to many servers. Shares that are there and sound are kept, and the missing ones are put beside them.</summary>
    private async Task<ChkCap> SpreadChkAsync(Stream content, long start, long size, AesKey key, CancellationToken cancel)
    {
        var index = key.ToStorageIndex();
        await using var survey = await OpenSharesAsync(index, cancel);
        var roll = Candidates(survey.Roll);
        var holdings = roll.Servers.Select(_ => new ServerHoldings()).ToArray();
        foreach (var (server, number, _) in survey.Damaged)
        {
            Block(roll, holdings, server, number);
        }

        var (encoder, known) = await ChooseEncodingAsync(content, start, size, key, survey, roll, holdings, cancel);
        await using var spread = new ShareSpread(index, roll, holdings, _encoding.N, Math.Min(_spread.Happy, _encoding.N));
        await spread.BeginAsync(encoder.ShareSize, cancel);
        var cap = known is not null && !spread.IsSendingAny ? known : await encoder.EncodeAsync(content, spread.Streams, cancel);
        await spread.FinishAsync(cancel);
        await RefuseUnsoundAsync(cap, spread, roll, known is null ? survey : null, holdings, cancel);
        spread.RequireHappiness();
        await RenewFoundAsync(index, roll, survey, cancel);
        return cap;
    }

    /// <summary>The first servers in order: twice as many as there are shares, so that all clients look for shares in the same places.</summary>
    private ServerRoll Candidates(ServerRoll roll) =>
        new([.. roll.Servers.Where(server => !roll.Failed(server)).Take(2 * _encoding.N)], [.. roll.Troubles], roll.All);

    /// <summary>
    /// If shares are there, the encoding that they have, and its cap: with or without the optional hash. What does not belong to it blocks its place. Content that cannot be read twice has its
    /// shares looked at in the end.
    /// </summary>
    private async Task<(ChkEncoder Encoder, ChkCap? Cap)> ChooseEncodingAsync(
        Stream content, long start, long size, AesKey key, OpenedShares survey, ServerRoll roll, ServerHoldings[] holdings, CancellationToken cancel)
    {
        var usual = new ChkEncoder(key, size, _encoding);
        if (survey.Shares.Count == 0 || start < 0)
        {
            MarkHeld(roll, holdings, survey.Shares);
            return (usual, null);
        }

        (ChkEncoder, ChkCap, List<OpenedShare>)? first = null;
        foreach (var encoder in (ChkEncoder[])[usual, new ChkEncoder(key, size, _encoding with { IncludeCiphertextHash = !_encoding.IncludeCiphertextHash })])
        {
            content.Position = start;
            var cap = await encoder.EncodeAsync(content, new Stream?[_encoding.N], cancel);
            content.Position = start;
            var sound = new List<OpenedShare>();
            foreach (var share in survey.Shares)
            {
                if (await IsSoundAsync(cap.ToVerifyCap(), share, roll, cancel))
                {
                    sound.Add(share);
                }
            }

            first ??= (encoder, cap, sound);
            if (sound.Count > 0)
            {
                first = (encoder, cap, sound);
                break;
            }
        }

        var (chosen, known, held) = first!.Value;
        foreach (var share in survey.Shares.Except(held))
        {
            Block(roll, holdings, share.Server, share.Number);
        }

        MarkHeld(roll, holdings, held);
        return (chosen, known);
    }

    /// <summary>Takes back what counted unseen: shares that others have put meanwhile, and those found if the cap was not known then.</summary>
    private static async Task RefuseUnsoundAsync(
        ChkCap cap, ShareSpread spread, ServerRoll roll, OpenedShares? found, ServerHoldings[] holdings, CancellationToken cancel)
    {
        foreach (var (server, number) in spread.Appeared)
        {
            if (!await IsSoundAsync(cap.ToVerifyCap(), roll, server, number, cancel))
            {
                spread.Refuse(server, number);
            }
        }

        foreach (var share in found?.Shares ?? [])
        {
            var server = IndexOf(roll, share.Server);
            if (server >= 0 && holdings[server].Held.Contains(share.Number) && !await IsSoundAsync(cap.ToVerifyCap(), share, roll, cancel))
            {
                spread.Refuse(server, share.Number);
            }
        }
    }

    private static async Task<bool> IsSoundAsync(ChkVerifyCap cap, ServerRoll roll, int server, int number, CancellationToken cancel)
    {
        var named = roll.Servers[server];
        try
        {
            await using var handle = await named.Server.OpenShareAsync(cap.StorageIndex, number, cancel);
            return await IsSoundAsync(cap, new OpenedShare(named, number, handle), roll, cancel);
        }
        catch (GridException e)
        {
            roll.Add(named, e);
            return false;
        }
    }

    private static async Task<bool> IsSoundAsync(ChkVerifyCap cap, OpenedShare share, ServerRoll roll, CancellationToken cancel)
    {
        try
        {
            await ChkShareVerifier.VerifyAsync(cap, new NumberedShare(share.Number, share.Handle), cancel);
            return true;
        }
        catch (DamagedShareException)
        {
            return false;
        }
        catch (GridException e)
        {
            roll.Add(share.Server, e);
            return false;
        }
    }

    /// <summary>This client's lease on what was there already. A failure costs a lease, not the file: another one can be taken later.</summary>
    private static async Task RenewFoundAsync(StorageIndex index, ServerRoll roll, OpenedShares survey, CancellationToken cancel)
    {
        foreach (var server in survey.Shares.Select(share => share.Server).Distinct())
        {
            try
            {
                await server.Server.AddOrRenewLeaseAsync(index, server.LeaseFor(index), cancel);
            }
            catch (GridException e)
            {
                roll.Add(server, e);
            }
        }
    }

    private static void MarkHeld(ServerRoll roll, ServerHoldings[] holdings, IEnumerable<OpenedShare> shares)
    {
        foreach (var share in shares)
        {
            if (IndexOf(roll, share.Server) is >= 0 and var server)
            {
                holdings[server].Held.Add(share.Number);
            }
        }
    }

    private static void Block(ServerRoll roll, ServerHoldings[] holdings, NamedServer named, int number)
    {
        if (IndexOf(roll, named) is not (>= 0 and var server))
        {
            return;
        }

        holdings[server].Blocked.Add(number);
        holdings[server].TakesShares &= number >= 0;
    }

    private static int IndexOf(ServerRoll roll, NamedServer server)
    {
        for (var i = 0; i < roll.Servers.Count; i++)
        {
            if (ReferenceEquals(roll.Servers[i], server))
            {
                return i;
            }
        }

        return -1;
    }
}
