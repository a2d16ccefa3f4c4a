using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid.Placement;

/// <summary>
/// The shares of one immutable object on their way to servers: some are there, the others are written at the same time, and a server that fails is done without as long as there are enough.
/// Not for concurrent use, but its streams may be written to concurrently. Disposing of it abandons what is not finished.
/// </summary>
/// <param name="index">The object.</param>
/// <param name="roll">The servers, in order; those that fail are added to its troubles.</param>
/// <param name="holdings">What each of them holds; changed as shares come.</param>
/// <param name="n">How many shares the object has.</param>
/// <param name="happy">How many servers must have shares of their own in the end; 0 for as many as can be had.</param>
internal sealed class ShareSpread(StorageIndex index, ServerRoll roll, IReadOnlyList<ServerHoldings> holdings, int n, int happy) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Sending> _sendings = [];
    private readonly List<(int Server, int Number)> _appeared = [];

    /// <summary>For each share the stream to write it to, null for one that is not wanted.</summary>
    public IReadOnlyList<Stream?> Streams
    {
        get
        {
            var streams = new Stream?[n];
            foreach (var sending in _sendings)
            {
                streams[sending.Number] = sending.Stream;
            }

            return streams;
        }
    }

    public bool IsSendingAny => _sendings.Count > 0;

    /// <summary>Shares that others have put while these were on their way; they count, and nobody has looked into them.</summary>
    public IReadOnlyList<(int Server, int Number)> Appeared => _appeared;

    /// <summary>Numbers for which no server was found.</summary>
    public IReadOnlyList<int> Homeless { get; private set; } = [];

    /// <summary>Begins all uploads, planning anew whenever a server refuses.</summary>
    /// <exception cref="GridException">Happiness is out of reach; nothing was sent.</exception>
    public async Task BeginAsync(long shareSize, CancellationToken cancel)
    {
        int[] plan;
        do
        {
            plan = SharePlacement.Plan(holdings, n);
        }
        while (!await TryBeginAsync(plan, shareSize, cancel));

        Homeless = [.. Enumerable.Range(0, n).Where(number => plan[number] < 0)];
        RequireHappiness();
    }

    /// <summary>Makes what was written appear. What fails counts as not sent.</summary>
    public async Task FinishAsync(CancellationToken cancel) =>
        await Task.WhenAll(_sendings.Where(sending => !sending.HasFailed).Select(sending => FinishAsync(sending, cancel)));

    /// <summary>A share that counted turned out to be of no use.</summary>
    public void Refuse(int server, int number)
    {
        holdings[server].Held.Remove(number);
        holdings[server].Blocked.Add(number);
    }

    /// <exception cref="GridException">Too few servers have or get shares of their own.</exception>
    public void RequireHappiness()
    {
        int happiness;
        lock (_lock)
        {
            happiness = SharePlacement.Happiness(holdings, n);
        }

        if (happiness < happy)
        {
            throw roll.TooFew(
                $"The shares of {index} reach {happiness} of {roll.All} servers, and {happy} are needed (happy).");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sending in _sendings)
        {
            await sending.Upload.DisposeAsync();
        }
    }

    private async Task<bool> TryBeginAsync(int[] plan, long shareSize, CancellationToken cancel)
    {
        var isDone = true;
        for (var number = 0; number < n; number++)
        {
            var server = plan[number];
            if (server < 0 || holdings[server].Held.Contains(number) || !holdings[server].TakesShares)
            {
                continue;
            }

            var named = roll.Servers[server];
            try
            {
                var upload = await named.Server.BeginUploadAsync(index, number, shareSize, named.LeaseFor(index), cancel);
                holdings[server].Held.Add(number);
                if (upload is null)
                {
                    _appeared.Add((server, number));
                }
                else
                {
                    var sending = new Sending(server, number, upload);
                    sending.Stream = new ShareUploadStream(upload, error => Lose(sending, error));
                    _sendings.Add(sending);
                }
            }
            catch (GridException e)
            {
                roll.Add(named, e);
                holdings[server].TakesShares = false;
                isDone = false;
            }
        }

        return isDone;
    }

    private void Lose(Sending sending, GridException error)
    {
        lock (_lock)
        {
            sending.HasFailed = true;
            holdings[sending.Server].Held.Remove(sending.Number);
            holdings[sending.Server].TakesShares = false;
            roll.Add(roll.Servers[sending.Server], error);
        }

        RequireHappiness();
    }

    private async Task FinishAsync(Sending sending, CancellationToken cancel)
    {
        try
        {
            if (!await sending.Upload.FinishAsync(cancel))
            {
                lock (_lock)
                {
                    _appeared.Add((sending.Server, sending.Number));
                }
            }
        }
        catch (GridException e)
        {
            lock (_lock)
            {
                sending.HasFailed = true;
                holdings[sending.Server].Held.Remove(sending.Number);
                roll.Add(roll.Servers[sending.Server], e);
            }
        }
    }

    private sealed class Sending(int server, int number, IShareUpload upload)
    {
        public int Server { get; } = server;

        public int Number { get; } = number;

        public IShareUpload Upload { get; } = upload;

        public Stream? Stream { get; set; }

        public bool HasFailed { get; set; }
    }
}
