using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid;

/// <summary>Turns shares that do not verify into grid trouble that names the object.</summary>
internal static class GridDamage
{
    public static GridException Describe(DamagedShareException damage, StorageIndex index) => damage.Reason switch
    {
        ShareDamage.NeedsErasureCoding => new GridException(
            GridFailure.NewerFormat, $"The object {index} is spread with k greater than 1, which this version cannot read. Install a newer version.", damage),
        ShareDamage.NeedsMdmf => new GridException(
            GridFailure.NewerFormat, $"The object {index} is an MDMF file, which this version cannot read. Install a newer version.", damage),
        _ => new GridException(GridFailure.Damaged, $"The shares of {index} do not verify: {damage.Message}", damage),
    };
}
