using MagicFolder.Grid.Tests.Support;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Grid.Tests.Spread;

/// <summary>The contract, for two clients on several directories.</summary>
public abstract class SpreadContractTests : GridContract, IAsyncLifetime
{
    private TahoeGrid? _grid;
    private TahoeGrid? _other;

    protected override IGrid Grid => _grid!;

    protected override IGrid OtherClient => _other!;

    internal SpreadGrid? Directories { get; private set; }

    protected override Task CreateAsync(IGrid grid, MutableKeys keys, byte[] content) => ((TahoeGrid)grid).CreateMutableAsync(keys, Format, content, default);

    public virtual async ValueTask InitializeAsync()
    {
        Directories = await SpreadGrid.CreateAsync(5, new GridEncoding(2, 3, 5));
        _grid = Directories.Client(1);
        _other = Directories.Client(2);
    }

    public ValueTask DisposeAsync()
    {
        Directories!.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class TwoOfFiveContractTests : SpreadContractTests;

/// <summary>The mutable objects are MDMF.</summary>
public sealed class TwoOfFiveMdmfContractTests : SpreadContractTests
{
    protected override MutableFormat Format => MutableFormat.Mdmf;
}

/// <summary>Two of the five directories are not there.</summary>
public class TwoOfFiveWithTwoLostContractTests : SpreadContractTests
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Directories!.Lose(1);
        Directories.Lose(3);
    }
}

/// <summary>The same for MDMF.</summary>
public sealed class TwoOfFiveWithTwoLostMdmfContractTests : TwoOfFiveWithTwoLostContractTests
{
    protected override MutableFormat Format => MutableFormat.Mdmf;
}

/// <summary>Two of the five directories cannot be written to any more: what should be directories in them are files. They can be read.</summary>
public sealed class TwoOfFiveWithTwoUnwritableContractTests : SpreadContractTests
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var client in (IGrid[])[Grid, OtherClient])
        {
            (await client.RenewLeaseAsync(StorageIndex.From(new byte[16]), default)).ShouldBeFalse();
        }

        foreach (var directory in (int[])[0, 4])
        {
            Directory.Delete(Path.Combine(Directories!.At(directory), "locks"), recursive: true);
            await File.WriteAllTextAsync(Path.Combine(Directories.At(directory), "locks"), "in the way");
            await File.WriteAllTextAsync(Path.Combine(Directories.At(directory), "shares", "incoming"), "in the way");
        }
    }
}
