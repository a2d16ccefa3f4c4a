using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid;

/// <summary>Turns shares that do not verify into grid trouble that names the object.</summary>
internal static class GridDamage
{
    public static GridException Describe(DamagedShareException damage, StorageIndex index) => damage.Reason switch
    {
        ShareDamage.TooFewShares => new GridException(FailureOf(damage), $"The object {index} cannot be put together from its shares: {damage.Message}", damage),
        _ => new GridException(GridFailure.Damaged, $"The shares of {index} do not verify: {damage.Message}", damage),
    };

    /// <summary>Storage that cannot be reached now may come back, so it is not called damage. Fewer shares than needed without anything wrong with one: they are not there.</summary>
    private static GridFailure FailureOf(DamagedShareException tooFew) => tooFew.InnerException switch
    {
        null => GridFailure.NotFound,
        GridException trouble => trouble.Failure,
        _ => GridFailure.Damaged,
    };
}
