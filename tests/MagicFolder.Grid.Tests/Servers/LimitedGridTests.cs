using MagicFolder.Grid.Servers;
using MagicFolder.Grid.Tests.Support;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid.Tests.Servers;

/// <summary>A grid whose server is limited does all that any other does, only slower.</summary>
public sealed class LimitedGridTests : GridContract, IAsyncLifetime
{
    private const int Rate = 1_000_000;

    private readonly TemporaryGrid _directory = new();
    private readonly TestTime _up = new();
    private readonly TestTime _down = new();
    private TahoeGrid? _grid;

    protected override IGrid Grid => _grid!;

    public async ValueTask InitializeAsync()
    {
        var member = new GridMember("disk", await _directory.CreateAsync()).Behind(server => new LimitedShareServer(server, new RateLimit(Rate, _up), new RateLimit(Rate, _down)));
        _grid = new TahoeGrid([member], GridEncoding.Single, new byte[32], _directory.Random, null);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task WhatIsWrittenAndReadTakesItsTimeEachByItself()
    {
        byte[] content = new byte[5 * Rate];
        new Random(1).NextBytes(content);
        using var stream = new MemoryStream(content);
        var cap = await Grid.PutImmutableAsync(stream, content.Length, Key(7), TestContext.Current.CancellationToken);
        // One second goes at once; hashes are some more.
        _up.Elapsed.TotalSeconds.ShouldBeInRange(4, 4.2);
        _down.Elapsed.ShouldBe(TimeSpan.Zero);
        await using var file = await Grid.OpenImmutableAsync(cap, TestContext.Current.CancellationToken);
        await file.ReadAsync(0, content, TestContext.Current.CancellationToken);
        _down.Elapsed.TotalSeconds.ShouldBeInRange(4, 4.2);
        _up.Elapsed.TotalSeconds.ShouldBeLessThan(4.2);
    }
}
