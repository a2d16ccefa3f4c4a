using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Grid;

public sealed partial class TahoeGrid
{
    /// <summary>Shares are built in memory, and servers hold no larger ones.</summary>
    private const int MaxMdmfLength = 128 * 1024 * 1024;

    // Half a second in all: a writer needs a few milliseconds for what it does between its first and its last share.
    private static readonly TimeSpan[] PausesForOthers = [.. ((int[])[20, 60, 140, 280]).Select(ms => TimeSpan.FromMilliseconds(ms))];

    /// <summary>The longest content that is written, or read as a whole; in bytes.</summary>
    public static int MaxMutableLength(MutableFormat format) => format == MutableFormat.Sdmf ? SdmfPublisher.MaxContentLength : MaxMdmfLength;

    /// <remarks>As SDMF.</remarks>
    public Task CreateMutableAsync(MutableKeys keys, ReadOnlyMemory<byte> content, CancellationToken cancel) => CreateMutableAsync(keys, MutableFormat.Sdmf, content, cancel);

    /// <summary>As the other one, in a given format. Whoever publishes later keeps the format.</summary>
    public async Task CreateMutableAsync(MutableKeys keys, MutableFormat format, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var cap = keys.ToWriteCap(format);
        var wanted = WantedContent.Whole(content);
        await using var survey = await LookAsync(cap.ToReadCap(), forWriting: true, everyByte: false, cancel);
        if (survey.Best is { } best)
        {
            if (best.Format != format)
            {
                throw new GridException(
                    GridFailure.UncoordinatedWrite, $"The mutable object {cap.StorageIndex} is there in the other format. Give each object a key of its own.");
            }

            await AcceptOursAsync(cap, survey, 1, wanted, cancel);
            return;
        }

        if (survey.HasDamagedShares)
        {
            throw survey.Unrecoverable();
        }

        // What somebody has begun and not finished is superseded.
        await WriteAsync(cap, await BuildAsync(keys, format, survey.Map.HighestSeqnum + 1, content, _spread.K, _spread.N, cancel), wanted, survey, null, cancel);
    }

    public async Task<MutableVersion> ReadMutableAsync(MutableReadCap cap, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        await using var survey = await LookAsync(cap, forWriting: false, everyByte: false, cancel);
        var content = await ReadAllAsync(survey, cap, cancel);
        return new MutableVersion(survey.Best!.Seqnum, content, survey.Best.PublicKey.ToArray());
    }

    /// <summary>Opens the best version for reading piece by piece, in the memory of a segment; the caller disposes of it. It stays that version, whatever is published meanwhile.</summary>
    public async Task<IImmutableFile> OpenMutableAsync(MutableReadCap cap, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        var survey = await LookAsync(cap, forWriting: false, everyByte: false, cancel);
        try
        {
            return new OpenedVersion(survey.OpenBest(cap), survey);
        }
        catch
        {
            await survey.DisposeAsync();
            throw;
        }
    }

    public async Task<long> PublishMutableAsync(MutableWriteCap cap, long expectedSeqnum, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedSeqnum, 1);
        var wanted = WantedContent.Whole(content);
        await using var survey = await LookAsync(cap.ToReadCap(), forWriting: true, everyByte: false, cancel);
        if (await ReplaceableAsync(cap, survey, expectedSeqnum, wanted, cancel) is not { } best)
        {
            return checked(expectedSeqnum + 1);
        }

        var version = await BuildAsync(KeysOf(cap, best), best.Format, NextSeqnum(survey), content, best.K, best.N, cancel);
        await WriteAsync(cap, version, wanted, survey, null, cancel);
        return version.Seqnum;
    }

    /// <summary>
    /// Test-and-set like <see cref="PublishMutableAsync"/>: writes <paramref name="bytes"/> at an offset within the content or at its end, which may make it longer. Of an MDMF object only the
    /// touched segments are read and sent, if all shares of it are there and sound; otherwise all of it is written again. May be repeated when its answer was lost: if the next seqnum is there with
    /// these bytes in their place, that is success.
    /// </summary>
    public async Task<long> UpdateMutableAsync(MutableWriteCap cap, long expectedSeqnum, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedSeqnum, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfZero(bytes.Length);
        var wanted = new WantedContent(offset, bytes);
        await using var survey = await LookAsync(cap.ToReadCap(), forWriting: true, everyByte: false, cancel);
        if (await ReplaceableAsync(cap, survey, expectedSeqnum, wanted, cancel) is not { } best)
        {
            return checked(expectedSeqnum + 1);
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, best.Length);
        var length = Math.Max(best.Length, checked(offset + bytes.Length));
        if (length > MaxMutableLength(best.Format))
        {
            throw TooLarge(cap.StorageIndex, length, MaxMutableLength(best.Format));
        }

        var version = best is MdmfVersionShares { CanBeUpdated: true } mdmf && survey.IsUniform && !MutableWriting.NeedsHomes(survey, best.N)
            ? await BuildUpdateAsync(mdmf, KeysOf(cap, best), NextSeqnum(survey), offset, bytes, survey, cancel)
            : await BuildAsync(
                KeysOf(cap, best), best.Format, NextSeqnum(survey), await PatchAsync(survey, cap, length, offset, bytes, cancel), best.K, best.N, cancel);
        await WriteAsync(cap, version, wanted, survey, null, cancel);
        return version.Seqnum;
    }

    public async Task RewriteMutableAsync(MutableKeys keys, long seqnum, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentOutOfRangeException.ThrowIfLessThan(seqnum, 1);
        var cap = keys.ToWriteCap();
        var wanted = WantedContent.Whole(content);
        // Looked at first: whoever writes after this makes the test fail.
        var before = await LookForTestsAsync(cap, cancel);
        await using var survey = await LookAsync(cap.ToReadCap(), forWriting: true, everyByte: false, cancel);
        if (survey.Best is not null)
        {
            await AcceptOursAsync(cap, survey, seqnum, wanted, cancel);
        }
        else if (survey.Unrecoverable() is { Failure: not (GridFailure.NotFound or GridFailure.Damaged) } trouble)
        {
            // It may well be there, with the servers that fail.
            throw trouble;
        }
        else
        {
            await WriteAsync(cap, await BuildAsync(keys, cap.Format, seqnum, content, _spread.K, _spread.N, cancel), wanted, survey, before, cancel);
        }
    }

    /// <summary>
    /// Looks at all servers, and again a little later if another writer seems to be at work. A reader goes on with what it can read; a writer waits until it can tell whether it came first.
    /// </summary>
    private Task<MutableSurvey> LookAsync(MutableReadCap cap, bool forWriting, bool everyByte, CancellationToken cancel) =>
        LookAsync(cap, survey => survey.IsUnsettled && (forWriting || survey.Best is null), everyByte, cancel);

    private async Task<MutableSurvey> LookAsync(MutableReadCap cap, Func<MutableSurvey, bool> isToWait, bool everyByte, CancellationToken cancel)
    {
        var verify = cap.ToVerifyCap();
        var survey = await SurveyAsync(verify, everyByte, cancel);
        for (var look = 0; look < PausesForOthers.Length && !IsSingle && _time is not null && isToWait(survey); look++)
        {
            await survey.DisposeAsync();
            await Task.Delay(PausesForOthers[look], _time, cancel);
            survey = await SurveyAsync(verify, everyByte, cancel);
        }

        return survey;
    }

    private async Task<MutableSurvey> SurveyAsync(MutableVerifyCap cap, bool everyByte, CancellationToken cancel) =>
        await MutableSurvey.TakeAsync(await OpenSharesAsync(cap.StorageIndex, cancel), cap, everyByte, cancel);

    /// <summary>The version to be replaced. Null if what was to be written is there already.</summary>
    /// <exception cref="GridException"><see cref="GridFailure.UncoordinatedWrite"/>, or why there is no version.</exception>
    private async Task<MutableVersionShares?> ReplaceableAsync(MutableWriteCap cap, MutableSurvey survey, long expectedSeqnum, WantedContent wanted, CancellationToken cancel)
    {
        var best = survey.Best ?? throw survey.Unrecoverable();
        if (best.Seqnum == expectedSeqnum)
        {
            return best;
        }

        await AcceptOursAsync(cap, survey, checked(expectedSeqnum + 1), wanted, cancel);
        return null;
    }

    /// <summary>
    /// A write whose answer was lost is repeated by its caller. Each attempt has another IV and signature, so it is the verified number and content that tell that the
    /// version in place is the one to be written. If it has not reached all servers, this ends it. Renewing the lease makes sure that it is durable.
    /// </summary>
    private async Task AcceptOursAsync(MutableWriteCap cap, MutableSurvey survey, long seqnum, WantedContent wanted, CancellationToken cancel)
    {
        var found = survey.Best!;
        if (found.Seqnum != seqnum || !await IsInAsync(wanted, survey.OpenBest(cap.ToReadCap()), survey, cancel))
        {
            throw Uncoordinated(cap, found.Seqnum, seqnum);
        }

        if (!IsSingle && CanBeRemade(found))
        {
            await WriteAsync(cap, await RemakeAsync(survey, cancel), wanted, survey, null, cancel);
        }

        await RenewLeaseAsync(cap.StorageIndex, cancel);
    }

    private static async Task<bool> IsInAsync(WantedContent wanted, IMutableReader reader, MutableSurvey survey, CancellationToken cancel)
    {
        try
        {
            return await wanted.IsInAsync(reader, cancel);
        }
        catch (DamagedShareException e)
        {
            throw survey.TooLittle(e);
        }
    }

    private static async Task<byte[]> ReadAllAsync(MutableSurvey survey, MutableReadCap cap, CancellationToken cancel)
    {
        var reader = survey.OpenBest(cap);
        return await ReadAsync(survey, reader, reader.Size, cancel);
    }

    /// <summary>The whole content with other bytes in a range.</summary>
    private static async Task<byte[]> PatchAsync(MutableSurvey survey, MutableWriteCap cap, long length, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var content = await ReadAsync(survey, survey.OpenBest(cap.ToReadCap()), length, cancel);
        bytes.CopyTo(content.AsMemory((int)offset));
        return content;
    }

    /// <summary>All of the content, with zeros behind it up to a length.</summary>
    private static async Task<byte[]> ReadAsync(MutableSurvey survey, IMutableReader reader, long length, CancellationToken cancel)
    {
        if (length > MaxMdmfLength)
        {
            throw TooLarge(survey.Index, length, MaxMdmfLength);
        }

        try
        {
            var content = new byte[length];
            await reader.ReadAsync(0, content.AsMemory(0, (int)reader.Size), cancel);
            return content;
        }
        catch (DamagedShareException e)
        {
            throw survey.TooLittle(e);
        }
    }

    private static long NextSeqnum(MutableSurvey survey) => checked(survey.Map.HighestSeqnum + 1);

    private static GridException Uncoordinated(MutableWriteCap cap, long found, long wanted) => new(
        GridFailure.UncoordinatedWrite, $"The mutable object {cap.StorageIndex} has version {found}; version {wanted} was to be written. Read it again.");

    private static GridException TooLarge(StorageIndex index, long length, int most) => new(
        GridFailure.TooLarge, $"The content of the mutable object {index} takes {length} bytes; up to {most} are held in memory. Store what is larger as an immutable file.");
}
