using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Grid;

public sealed partial class TahoeGrid
{
    /// <inheritdoc/>
    /// <remarks>
    /// Content that can seek is read from its position; a convergent key needs it, and so does putting again what was put with other encoding options.
    /// </remarks>
    public async Task<ImmutableCap> PutImmutableAsync(Stream content, long size, EncryptionKeyChoice key, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (content.CanSeek && content.Length - content.Position != size)
        {
            throw new ArgumentException("The content has another size than announced.", nameof(size));
        }

        if (size <= LiteralCap.MaxSize)
        {
            var data = new byte[size];
            await content.ReadExactlyAsync(data, cancel);
            return new LiteralCap(data);
        }

        var start = content.CanSeek ? content.Position : -1;
        var chosen = await ChooseKeyAsync(content, size, key, cancel);
        if (!IsSingle)
        {
            return await SpreadChkAsync(content, start, size, chosen, cancel);
        }

        return await PutChkAsync(content, new ChkEncoder(chosen, size, _encoding, _buffers), cancel)
            ?? await MatchOtherEncodingAsync(content, start, size, chosen, cancel)
            ?? throw new GridException(
                GridFailure.Damaged,
                $"The grid has a share of {chosen.ToStorageIndex()} with other content, or damaged. Remove it from the storage, then try again.");
    }

    public async Task<IImmutableFile> OpenImmutableAsync(ImmutableCap cap, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        return cap switch
        {
            LiteralCap literal => new LiteralFile(literal.Data),
            ChkCap chk => await OpenChkAsync(chk, cancel),
            _ => throw new ArgumentException($"{cap} is not the cap of an immutable file.", nameof(cap)),
        };
    }

    private async Task<AesKey> ChooseKeyAsync(Stream content, long size, EncryptionKeyChoice choice, CancellationToken cancel)
    {
        switch (choice)
        {
            case EncryptionKeyChoice.FromCaller given:
                return given.Key;
            case EncryptionKeyChoice.FromContent convergent:
                if (!content.CanSeek)
                {
                    throw new ArgumentException("A convergent key needs content that can be read twice.", nameof(content));
                }

                var start = content.Position;
                var key = await ConvergentKey.ComputeAsync(content, size, convergent.Secret, _encoding, cancel);
                content.Position = start;
                return key;
            default:
                throw new ArgumentException("An unknown choice of key.", nameof(choice));
        }
    }

    /// <summary>Uploads, or finds the very same share there. Null if there is another one.</summary>
    private async Task<ChkCap?> PutChkAsync(Stream content, ChkEncoder encoder, CancellationToken cancel)
    {
        var index = encoder.StorageIndex;
        var server = await OnlyServerAsync(index, cancel);
        await using var upload = await server.Server.BeginUploadAsync(index, 0, encoder.ShareSize, server.LeaseFor(index), cancel);
        if (upload is null)
        {
            // A server can show anything under a storage index, so the cap comes from what we encode; the share must then have its hashes.
            return await VerifyAsync(await encoder.EncodeAsync(content, Stream.Null, cancel), cancel);
        }

        await using var share = new ShareUploadStream(upload);
        var cap = await encoder.EncodeAsync(content, share, cancel);
        return await upload.FinishAsync(cancel) ? cap : await VerifyAsync(cap, cancel);
    }

    /// <summary>
    /// The share that is there may have been put by a client that writes the optional hash when we do not, or the other way round; its cap is as good.
    /// </summary>
    private async Task<ChkCap?> MatchOtherEncodingAsync(Stream content, long start, long size, AesKey key, CancellationToken cancel)
    {
        if (start < 0)
        {
            return null;
        }

        content.Position = start;
        var other = new ChkEncoder(key, size, _encoding with { IncludeCiphertextHash = !_encoding.IncludeCiphertextHash });
        return await VerifyAsync(await other.EncodeAsync(content, Stream.Null, cancel), cancel);
    }

    /// <summary>The cap, if the share on the grid has its hashes; its blocks were complete when it appeared. Null if not.</summary>
    private async Task<ChkCap?> VerifyAsync(ChkCap cap, CancellationToken cancel)
    {
        try
        {
            await using var file = await OpenChkAsync(cap, cancel);
            return cap;
        }
        catch (GridException e) when (e.Failure == GridFailure.Damaged)
        {
            return null;
        }
    }

    private async Task<ChkFile> OpenChkAsync(ChkCap cap, CancellationToken cancel)
    {
        var opened = await OpenSharesAsync(cap.StorageIndex, cancel);
        try
        {
            if (opened.Shares.Count == 0)
            {
                throw opened.Nothing();
            }

            var shares = new NumberedShare[opened.Shares.Count];
            for (var i = 0; i < shares.Length; i++)
            {
                shares[i] = new NumberedShare(opened.Shares[i].Number, opened.Shares[i].Handle);
            }

            return new ChkFile(await ChkDecoder.OpenAsync(cap, shares, cancel), opened);
        }
        catch (DamagedShareException e)
        {
            await opened.DisposeAsync();
            throw opened.TooLittle(e);
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    private async ValueTask<NamedServer> OnlyServerAsync(StorageIndex index, CancellationToken cancel)
    {
        var roll = await CallAsync(index, cancel);
        return roll.Servers.Count == 1 ? roll.Servers[0] : throw roll.TooFew($"The object {index} cannot be stored.");
    }
}
