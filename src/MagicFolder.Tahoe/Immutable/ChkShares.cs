using System.Runtime.ExceptionServices;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>
/// The shares of one file that were found, and which of them to use: the lowest numbers first, since primary shares need no decoding; those that have given trouble last. Safe for
/// concurrent use.
/// </summary>
internal sealed class ChkShares
{
    private readonly ChkVerifyCap _cap;
    private readonly ChkCandidate[] _candidates;
    private ChkFileFacts? _facts;
    private ChkSelection? _selection;

    private ChkShares(ChkVerifyCap cap, ChkCandidate[] candidates) => (_cap, _candidates) = (cap, candidates);

    internal ChkFileFacts Facts => _facts!;

    /// <summary>The share to use when one is enough and was not seen to be damaged, else null.</summary>
    internal ChkShareReader? Single => _cap.K == 1 && Volatile.Read(ref _selection) is { IsDoubtful: false } selection ? selection.Slots[0].Reader : null;

    /// <summary>One for each share that has given trouble so far.</summary>
    internal IReadOnlyList<ShareTrouble> Troubles => [.. _candidates.Select(candidate => candidate.Trouble).OfType<ShareTrouble>()];

    /// <summary>Opens k shares with different numbers; spare ones are opened when they are needed.</summary>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.TooFewShares"/>.</exception>
    internal static async ValueTask<ChkShares> OpenAsync(ChkVerifyCap cap, IReadOnlyList<NumberedShare> shares, CancellationToken cancel)
    {
        var opening = new ChkShares(cap, [.. shares.OrderBy(share => share.Number).Select(share => new ChkCandidate(share))]);
        foreach (var candidate in opening._candidates.Where(candidate => candidate.Number < 0 || candidate.Number >= cap.N))
        {
            candidate.Refuse(new DamagedShareException(ShareDamage.BadHashTree, $"A file of {cap.N} shares has none with this number."));
        }

        var failed = new Dictionary<ChkCandidate, Exception>();
        while (true)
        {
            var selection = opening.Select(failed);
            var unopened = Array.FindAll(selection.Slots, candidate => candidate.Reader is null);
            if (unopened.Length == 0)
            {
                return opening;
            }

            // The first one shows what all have in common; then the others can be opened at the same time.
            var next = opening._facts is null ? unopened.AsMemory(0, 1) : unopened;
            var results = new ValueTask<Exception?>[next.Length];
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = opening.TryOpenAsync(next.Span[i], cancel);
            }

            for (var i = 0; i < results.Length; i++)
            {
                if (await results[i] is { } error)
                {
                    failed[next.Span[i]] = error;
                }
            }

            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Opens a share, or says why that failed, and remembers it.</summary>
    internal async ValueTask<Exception?> TryOpenAsync(ChkCandidate candidate, CancellationToken cancel)
    {
        try
        {
            var reader = await candidate.OpenAsync(_cap, _facts, cancel);
            Interlocked.CompareExchange(ref _facts, reader.Facts, null);
            return null;
        }
        catch (Exception e)
        {
            return Remember(candidate, e, cancel);
        }
    }

    /// <summary>Sources are foreign code, so whatever one throws speaks against its share only. What comes of the caller's own wish to stop does not.</summary>
    internal Exception Remember(ChkCandidate candidate, Exception error, CancellationToken cancel)
    {
        if (!cancel.IsCancellationRequested && candidate.Remember(error))
        {
            Volatile.Write(ref _selection, null);
        }

        return error;
    }

    /// <summary>The k shares to use for a segment.</summary>
    /// <param name="failed">Those that have failed for this segment; null if none has.</param>
    /// <exception cref="DamagedShareException"><see cref="ShareDamage.TooFewShares"/>; or, if there is a single share, what is wrong with it.</exception>
    internal ChkSelection Select(Dictionary<ChkCandidate, Exception>? failed)
    {
        if (failed is not { Count: > 0 } && Volatile.Read(ref _selection) is { } known)
        {
            return known;
        }

        // Sorting is stable: of one number, the share that was given first is tried first.
        var chosen = _candidates
            .Where(candidate => !candidate.IsUseless && failed?.ContainsKey(candidate) != true)
            .OrderBy(candidate => candidate.Trouble is null ? 0 : 1)
            .ThenBy(candidate => candidate.Number)
            .DistinctBy(candidate => candidate.Number)
            .Take(_cap.K)
            .ToList();
        if (chosen.Count < _cap.K)
        {
            throw TooFew(chosen.Count, failed);
        }

        var selection = new ChkSelection(chosen);
        if (failed is not { Count: > 0 })
        {
            Volatile.Write(ref _selection, selection);
        }

        return selection;
    }

    private DamagedShareException TooFew(int usable, Dictionary<ChkCandidate, Exception>? failed)
    {
        var errors = _candidates
            .Select(candidate => (candidate.Number, Error: failed?.GetValueOrDefault(candidate) ?? (candidate.IsUseless ? candidate.Trouble?.Error : null)))
            .Where(entry => entry.Error is not null)
            .ToList();
        if (_cap.K == 1 && _candidates.Length == 1 && errors.Count == 1)
        {
            ExceptionDispatchInfo.Throw(errors[0].Error!);
        }

        var list = string.Concat(errors.Select(entry => $" Share {entry.Number}: {entry.Error!.Message}"));
        var inner = errors.Find(entry => entry.Error is not DamagedShareException).Error ?? errors.FirstOrDefault().Error;
        return new DamagedShareException(
            ShareDamage.TooFewShares, $"{_cap.K} shares are needed, and of the {_candidates.Length} at hand {usable} can be used.{list}", inner);
    }
}
