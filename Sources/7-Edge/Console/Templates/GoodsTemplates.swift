/// Stock and products.
enum GoodsTemplates {
    static let stock = """
        <div class="head"><h1>{{t.stockTitle}}</h1>{{#box}}{{>search}}{{/box}}</div>
        <section>
        <div class="scroll" role="region" aria-label="{{t.stockTitle}}" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.variant}}</th><th scope="col" class="num">{{t.onHand}}</th>\
        <th scope="col" class="num">{{t.reserved}}</th><th scope="col" class="num">{{t.available}}</th></tr></thead>
        <tbody>
        {{#rows}}
        <tr{{#isShort}} class="short"{{/isShort}}><th scope="row"><a href="{{href}}">{{title}}</a>\
        <span class="sku">{{sku}}</span></th>\
        {{#isCounted}}<td class="num">{{hand}}</td><td class="num">{{kept}}</td><td class="num">{{free}}\
        </td>{{/isCounted}}\
        {{^isCounted}}<td class="num" colspan="3"><span class="sub">{{t.notTracked}}</span></td>{{/isCounted}}</tr>
        {{/rows}}
        {{#isEmpty}}<tr><td colspan="4" class="empty">{{emptyText}}</td></tr>{{/isEmpty}}
        </tbody>
        </table>
        </div>
        {{#.pager}}{{>pager}}{{/.pager}}
        </section>
        """

    static let products = """
        <div class="head"><h1>{{t.productsTitle}}</h1>{{#box}}{{>search}}{{/box}}</div>
        {{#.note}}<p class="small">{{.}}</p>{{/.note}}
        <section>
        <div class="scroll" role="region" aria-label="{{t.productsTitle}}" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.product}}</th><th scope="col">{{t.state}}</th><th scope="col">{{t.vendor}}</th>\
        <th scope="col" class="wide">{{t.category}}</th><th scope="col" class="num">{{t.variants}}</th>\
        <th scope="col" class="num">{{t.price}}</th></tr></thead>
        <tbody>
        {{#rows}}
        <tr><th scope="row"><a href="{{href}}">{{title}}</a></th><td>{{#state}}{{>badge}}{{/state}}</td>\
        <td>{{vendor}}</td>\
        <td class="wide">{{category}}</td><td class="num">{{variants}}</td>\
        <td class="num">{{#.low}}{{#isRange}}<span class="sub">{{t.priceFrom}}\
        </span> {{/isRange}}{{>money}}{{/.low}}</td></tr>
        {{/rows}}
        {{#isEmpty}}<tr><td colspan="6" class="empty">{{emptyText}}</td></tr>{{/isEmpty}}
        </tbody>
        </table>
        </div>
        {{#.pager}}{{>pager}}{{/.pager}}
        </section>
        """

    static let product = """
        <div class="head"><div><p class="crumb"><a href="{{back}}">{{t.navProducts}}</a></p>
        <h1>{{title}}</h1>\
        <p class="sub">{{#state}}{{>badge}}{{/state}} {{vendor}} · {{category}} · <code>{{handle}}</code></p>\
        </div></div>
        <section>
        <div class="scroll" role="region" aria-label="{{t.variants}}" tabindex="0">
        <table>
        <thead><tr><th scope="col">{{t.variant}}</th><th scope="col" class="num">{{t.price}}</th>\
        <th scope="col" class="num wide">{{t.compareAt}}</th><th scope="col" class="num">{{t.costPrice}}</th>\
        <th scope="col" class="num">{{t.onHand}}</th><th scope="col" class="num">{{t.reserved}}</th>\
        <th scope="col" class="num">{{t.available}}</th></tr></thead>
        <tbody>
        {{#rows}}
        <tr id="{{id}}"><th scope="row">{{title}}<span class="sku">{{sku}}</span></th>\
        <td class="num">{{#sum}}{{>money}}{{/sum}}</td>\
        <td class="num wide">{{#.compare}}{{>money}}{{/.compare}}</td>\
        <td class="num">{{#.costs}}{{>money}}{{/.costs}}</td>\
        {{#.stock}}{{#isCounted}}<td class="num">{{hand}}</td><td class="num">{{kept}}</td>\
        <td class="num">{{free}}</td>{{/isCounted}}\
        {{^isCounted}}<td class="num" colspan="3"><span class="sub">{{t.notTracked}}</span>\
        </td>{{/isCounted}}{{/.stock}}\
        {{^.stock}}<td></td><td></td><td></td>{{/.stock}}</tr>
        {{/rows}}
        </tbody>
        </table>
        </div>
        </section>
        """
}
